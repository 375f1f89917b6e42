import { useState } from "react";

import classes from "@/components/settings/Settings.module.css";
import { Panel } from "@/components/settings/Panel";
import { useChangeSettings } from "@/hooks/useSettings";
import type { DeskSettings, DeskSettingsChanges } from "@/lib/models";
import { settingsTexts as texts } from "@/lib/settings-texts";

const SWITCHES = [
  { name: "read_marks", label: texts.readMarks, hint: texts.readMarksHint },
  { name: "merge_lines", label: texts.mergeLines, hint: texts.mergeLinesHint },
] as const;

/** Each switch is saved by being switched. */
export function AnsweringSettings({ settings }: { settings: DeskSettings }) {
  const change = useChangeSettings();
  // Until the desk has answered, a switch stands as it was put.
  const [wanted, setWanted] = useState<DeskSettingsChanges>({});
  function put(name: (typeof SWITCHES)[number]["name"], isOn: boolean) {
    setWanted((others) => ({ ...others, [name]: isOn }));
    change.mutate({ [name]: isOn }, { onSettled: () => setWanted({}) });
  }
  return (
    <Panel title={texts.answering}>
      {SWITCHES.map(({ name, label, hint }) => (
        <label key={name} className={classes.switch}>
          <input
            type="checkbox"
            role="switch"
            checked={wanted[name] ?? settings[name]}
            onChange={(event) => put(name, event.currentTarget.checked)}
          />
          <span>
            {label}
            <span className={classes.hint}>{hint}</span>
          </span>
        </label>
      ))}
      <p role="alert" className={classes.problem}>
        {change.error?.message}
      </p>
    </Panel>
  );
}
