import classes from "@/components/people/People.module.css";
import settings from "@/components/settings/Settings.module.css";
import type { AuditEntry } from "@/lib/models";
import { peopleTexts as texts } from "@/lib/people-texts";
import { fullTime } from "@/lib/relative-time";

export function AuditRow({ entry }: { entry: AuditEntry }) {
  const who = entry.actor_name ?? (entry.via === "stranger" ? texts.stranger : texts.commandLine);
  const target =
    entry.target_kind !== null && entry.target_id !== null
      ? texts.target(entry.target_kind, entry.target_id)
      : "";
  const details = [target, ...entry.fields.map((field) => field.replace("_", " ").replace("=", ": "))];
  return (
    <li className={classes.entry}>
      <time dateTime={entry.created_at}>{fullTime(entry.created_at)}</time>
      <span>
        <bdi>{who}</bdi>
        <span className={settings.hint}>
          {[texts.via[entry.via], entry.address].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span>
        {texts.actions[entry.action]}
        <span className={settings.hint}>{details.filter(Boolean).join(" · ")}</span>
      </span>
    </li>
  );
}
