import classes from "@/components/templates/TemplatePicker.module.css";
import { BubbleText } from "@/components/phone/BubbleText";
import { composerTexts } from "@/lib/composer-texts";
import type { TemplatePreview as Preview } from "@/lib/template-text";

export function TemplatePreview({ preview }: { preview: Preview }) {
  return (
    <section aria-labelledby="template-preview" aria-live="polite">
      <h3 id="template-preview" className={classes.previewTitle}>
        {composerTexts.template.preview}
      </h3>
      <div className={classes.bubble} data-testid="template-preview">
        {preview.header && <p className={classes.header}>{preview.header}</p>}
        <p className={classes.text} dir="auto">
          <BubbleText text={preview.body} />
        </p>
        {preview.footer && <p className={classes.footer}>{preview.footer}</p>}
        {preview.buttons.map((button) => (
          <p key={button} className={classes.button}>
            {button}
          </p>
        ))}
      </div>
    </section>
  );
}
