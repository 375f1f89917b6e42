import { useId, useState } from "react";

import classes from "@/components/contact/ContactPanel.module.css";
import { useChooseOfContact } from "@/hooks/useContact";
import { useNow } from "@/hooks/useNow";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";
import { LANGUAGES, languageName, localTime, zoneName } from "@/lib/places";

/** Language and local time: guessed until somebody knows, each saved by being chosen. */
export function ContactPlace({ contact }: { contact: Contact }) {
  const id = useId();
  const now = useNow();
  const choice = useChooseOfContact(contact.id);
  // Until the desk has answered, a choice stands as it was made.
  const [wanted, setWanted] = useState<{ language?: string; timezone?: string }>({});
  const { language, timezone } = { ...contact, ...wanted };
  const zone = timezone || contact.guessed_timezone;
  const languages = LANGUAGES.includes(language) ? LANGUAGES : [language, ...LANGUAGES];
  const save = (chosen: typeof wanted) => {
    setWanted({ ...wanted, ...chosen });
    choice.mutate(chosen, { onSettled: () => setWanted({}) });
  };
  return (
    <>
      <dt>
        <label htmlFor={`${id}-language`}>{texts.language}</label>
      </dt>
      <dd>
        <select
          id={`${id}-language`}
          className={classes.field}
          value={language}
          onChange={(event) => save({ language: event.currentTarget.value })}
        >
          <option value="">
            {contact.guessed_language
              ? texts.guessed(languageName(contact.guessed_language))
              : texts.languageUnknown}
          </option>
          {languages.filter(Boolean).map((code) => (
            <option key={code} value={code}>
              {languageName(code)}
            </option>
          ))}
        </select>
      </dd>
      <dt>{texts.localTime}</dt>
      <dd>{zone ? localTime(zone, now) : texts.timezoneUnknown}</dd>
      <dt>
        <label htmlFor={`${id}-zone`}>{texts.timezone}</label>
      </dt>
      <dd>
        <select
          id={`${id}-zone`}
          className={classes.field}
          value={timezone}
          onChange={(event) => save({ timezone: event.currentTarget.value })}
        >
          <option value="">
            {contact.guessed_timezone
              ? texts.guessed(zoneName(contact.guessed_timezone))
              : texts.timezoneUnknown}
          </option>
          {Intl.supportedValuesOf("timeZone").map((each) => (
            <option key={each} value={each}>
              {zoneName(each)}
            </option>
          ))}
        </select>
        <span role="alert" className={classes.problem}>
          {choice.error?.message}
        </span>
      </dd>
    </>
  );
}
