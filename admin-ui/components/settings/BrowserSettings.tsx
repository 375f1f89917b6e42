import { useState } from "react";

import { Panel } from "@/components/settings/Panel";
import classes from "@/components/settings/Settings.module.css";
import { useDevicePreference } from "@/hooks/useDevicePreference";
import { chime } from "@/lib/chime";
import { askToNotify } from "@/lib/desk-notifications";
import { settingsTexts as texts } from "@/lib/settings-texts";

/** What holds in this browser alone. */
export function BrowserSettings() {
  const [notifies, turnNotifies] = useDevicePreference("notifications");
  const [sounds, turnSounds] = useDevicePreference("sound");
  const [savesData, turnSavesData] = useDevicePreference("data-saver");
  const [isRefused, setIsRefused] = useState(false);

  async function putNotifications(on: boolean) {
    const may = !on || (await askToNotify());
    setIsRefused(!may);
    turnNotifies(on && may);
  }
  async function putSound(on: boolean) {
    turnSounds(on);
    if (on) await chime();
  }

  const switches = [
    {
      label: texts.notifications,
      hint: texts.notificationsHint,
      isOn: notifies,
      put: (on: boolean) => void putNotifications(on),
    },
    { label: texts.sound, hint: texts.soundHint, isOn: sounds, put: (on: boolean) => void putSound(on) },
    { label: texts.dataSaver, hint: texts.dataSaverHint, isOn: savesData, put: turnSavesData },
  ];
  return (
    <Panel title={texts.browser} lead={texts.browserLead}>
      {switches.map(({ label, hint, isOn, put }) => (
        <label key={label} className={classes.switch}>
          <input
            type="checkbox"
            role="switch"
            checked={isOn}
            onChange={(event) => put(event.currentTarget.checked)}
          />
          <span>
            {label}
            <span className={classes.hint}>{hint}</span>
          </span>
        </label>
      ))}
      <p role="alert" className={classes.problem}>
        {isRefused && texts.notificationsRefused}
      </p>
    </Panel>
  );
}
