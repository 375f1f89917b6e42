import { useId } from "react";

import classes from "@/components/contact/ContactPanel.module.css";
import { useChangeContact } from "@/hooks/useContact";
import { useNow } from "@/hooks/useNow";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";
import { LANGUAGES, languageName, localTime, zoneName } from "@/lib/places";

/** Language and local time: guessed until somebody knows, each saved by being chosen. */
export function ContactPlace({ contact }: { contact: Contact }) {
  const id = useId();
  const now = useNow();
  const change = useChangeContact(contact.id);
  const zone = contact.timezone || contact.guessed_timezone;
  const languages = LANGUAGES.includes(contact.language) ? LANGUAGES : [contact.language, ...LANGUAGES];
  const save = (changes: { language?: string; timezone?: string }) =>
    change.mutate({ ...changes, version: contact.version });
  return (
    <>
      <dt>
        <label htmlFor={`${id}-language`}>{texts.language}</label>
      </dt>
      <dd>
        <select
          id={`${id}-language`}
          className={classes.field}
          value={contact.language}
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
          value={contact.timezone}
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
          {change.error?.message}
        </span>
      </dd>
    </>
  );
}
