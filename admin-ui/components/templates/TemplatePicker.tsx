import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { TemplateForm } from "@/components/templates/TemplateForm";
import classes from "@/components/templates/TemplatePicker.module.css";
import { useTemplates } from "@/hooks/useTemplates";
import { composerTexts } from "@/lib/composer-texts";
import type { Template } from "@/lib/models";
import { foundTemplates, previewOf } from "@/lib/template-text";

const words = composerTexts.template;

/** The approved templates, and the form of the one that was chosen. */
export function TemplatePicker({ onSend }: ReplyFormProps) {
  const templates = useTemplates();
  const [search, setSearch] = useState("");
  const [language, setLanguage] = useState("");
  const [chosen, setChosen] = useState<Template | null>(null);

  if (chosen) return <TemplateForm template={chosen} onBack={() => setChosen(null)} onSend={onSend} />;
  if (templates.error) return <Failure error={templates.error} onRetry={() => void templates.refetch()} />;
  if (!templates.data) return <Waiting />;

  const approved = templates.data.filter((template) => template.status === "APPROVED");
  if (approved.length === 0) return <p className={classes.none}>{words.noneAtAll}</p>;
  const languages = [...new Set(approved.map((template) => template.language))].sort();
  const found = foundTemplates(approved, search, language);
  return (
    <>
      <div className={classes.filters}>
        <TextInput
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          size="md"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={words.language}
          size="md"
          value={language}
          data={[{ value: "", label: words.everyLanguage }, ...languages]}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        />
      </div>
      {found.length === 0 && <p className={classes.none}>{words.none}</p>}
      <ul className={classes.found}>
        {found.map((template) => (
          <li key={`${template.name}-${template.language}`}>
            <button type="button" className={classes.template} onClick={() => setChosen(template)}>
              <span className={classes.name}>
                {template.name} <span className={classes.language}>{template.language}</span>
              </span>
              <span className={classes.body}>{previewOf(template, {}).body}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
