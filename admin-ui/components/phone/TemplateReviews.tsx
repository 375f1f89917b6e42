import { NativeSelect } from "@mantine/core";

import classes from "@/components/phone/Levers.module.css";
import type { usePhoneActs } from "@/hooks/usePhoneActs";
import type { PhoneTemplate, Review } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.templates;
const STATUSES = Object.entries(texts.status).map(([value, label]) => ({ value, label }));
const QUALITIES = Object.entries(texts.quality).map(([value, label]) => ({
  value,
  label,
  disabled: value === "UNKNOWN",
}));

interface Props {
  templates: PhoneTemplate[];
  acts: ReturnType<typeof usePhoneActs>;
}

export function TemplateReviews({ templates, acts }: Props) {
  return (
    <>
      <p className={classes.small}>{texts.lead}</p>
      <ul className={classes.list}>
        {templates.map(({ id, name, language, category, status, quality, components }) => (
          <li key={id} className={classes.template}>
            <p className={classes.name}>{name}</p>
            <p className={classes.small}>
              {language} · {category.toLowerCase()}
            </p>
            <p className={classes.small}>{bodyOf(components)}</p>
            <div className={classes.pair}>
              <NativeSelect
                aria-label={texts.statusOf(`${name} (${language})`)}
                value={status}
                data={STATUSES}
                onChange={(event) =>
                  acts.review(id, { status: event.currentTarget.value as Review["status"] })
                }
              />
              <NativeSelect
                aria-label={texts.qualityOf(`${name} (${language})`)}
                value={quality}
                data={QUALITIES}
                onChange={(event) =>
                  acts.review(id, { quality: event.currentTarget.value as Review["quality"] })
                }
              />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function bodyOf(components: PhoneTemplate["components"]): string {
  return String(components.find(({ type }) => type === "BODY")?.text ?? "");
}
