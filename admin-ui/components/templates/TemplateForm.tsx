import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { ReplyForm } from "@/components/composer/ReplyForm";
import classes from "@/components/templates/TemplatePicker.module.css";
import { TemplatePreview } from "@/components/templates/TemplatePreview";
import { composerTexts } from "@/lib/composer-texts";
import type { Template } from "@/lib/models";
import { isRefusedValue, previewOf } from "@/lib/template-text";

const words = composerTexts.template;

/** "body.order" as a person reads it: "Message: order". Buttons are counted from one. */
function labelOf(key: string): string {
  const [place = "", name = ""] = key.split(".");
  return words.variable(words.places[place] ?? place, place === "button" ? String(Number(name) + 1) : name);
}

interface TemplateFormProps extends ReplyFormProps {
  template: Template;
  onBack: () => void;
}

/** The variables of a template beside what will be read of it. */
export function TemplateForm({ template, onBack, onSend }: TemplateFormProps) {
  const [values, setValues] = useState<Record<string, string>>({});
  const isRefused = Object.values(values).some(isRefusedValue);
  const { name, language } = template;

  function submit() {
    if (isRefused) return;
    const given = Object.entries(values).filter(([, value]) => value.trim() !== "");
    const variables = Object.fromEntries(given);
    onSend({ text: "", content: { template: { name, language, variables } }, file: null });
  }
  return (
    <>
      <Button variant="subtle" h={44} px="xs" mb="xs" leftSection={<Icon name="back" />} onClick={onBack}>
        {words.back}
      </Button>
      <div className={classes.filling}>
        <ReplyForm problem={isRefused ? words.oneLine : null} onSubmit={submit}>
          <h3 className={classes.name}>
            {name} <span className={classes.language}>{language}</span>
          </h3>
          {template.variables.map(({ key, example, optional }) => (
            <TextInput
              key={key}
              label={labelOf(key)}
              description={[optional && words.optional, example && words.example(example)]
                .filter(Boolean)
                .join(" · ")}
              size="md"
              required={!optional}
              pattern=".*\S.*"
              value={values[key] ?? ""}
              onChange={({ currentTarget: { value } }) => setValues((all) => ({ ...all, [key]: value }))}
            />
          ))}
        </ReplyForm>
        <TemplatePreview preview={previewOf(template, values)} />
      </div>
    </>
  );
}
