import { Dialog } from "@/components/common/Dialog";
import classes from "@/components/keyboard/ShortcutHelp.module.css";
import { Keys } from "@/components/keyboard/Keys";
import { useDevicePreference } from "@/hooks/useDevicePreference";
import { useAllShortcuts } from "@/hooks/useShortcuts";
import { keyboardTexts } from "@/lib/keyboard-texts";

const GROUPS = ["everywhere", "list", "ticket"] as const;

/** Every key that works on this page, and the switch for those that are pressed alone. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const all = useAllShortcuts();
  const [areOn, turn] = useDevicePreference("single-keys");
  return (
    <Dialog title={keyboardTexts.help} onClose={onClose}>
      {GROUPS.map((group) => {
        const keys = all.filter((one) => one.group === group);
        if (keys.length === 0) return null;
        return (
          <section key={group} className={classes.group}>
            <h3 className={classes.title}>{keyboardTexts.groups[group]}</h3>
            <dl className={classes.keys}>
              {keys.map((one) => (
                <div key={one.keys} className={classes.line}>
                  <dt>
                    <Keys keys={one.keys} />
                  </dt>
                  <dd>{one.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
      <label className={classes.switch}>
        <input type="checkbox" checked={areOn} onChange={(event) => turn(event.currentTarget.checked)} />
        <span>
          {keyboardTexts.singleKeys}
          <small className={classes.hint}>{keyboardTexts.singleKeysHint}</small>
        </span>
      </label>
    </Dialog>
  );
}
