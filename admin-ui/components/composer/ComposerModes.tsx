import classes from "@/components/composer/Composer.module.css";
import { composerTexts } from "@/lib/composer-texts";

const MODES = ["answer", "note"] as const;
export type ComposerMode = (typeof MODES)[number];

/** Whether what is written goes to the customer or stays at the desk. */
export function ComposerModes(props: { mode: ComposerMode; onChoose: (mode: ComposerMode) => void }) {
  return (
    <div className={classes.modes} role="group" aria-label={composerTexts.modesLabel}>
      {MODES.map((mode) => (
        <button
          key={mode}
          type="button"
          className={classes.mode}
          data-mode={mode}
          aria-pressed={mode === props.mode}
          onClick={() => props.onChoose(mode)}
        >
          {composerTexts.modes[mode]}
        </button>
      ))}
    </div>
  );
}
