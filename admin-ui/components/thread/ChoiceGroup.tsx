import classes from "@/components/thread/ChoiceGroup.module.css";

interface ChoiceGroupProps<T extends string> {
  label: string;
  choices: readonly T[];
  names: Record<T, string>;
  chosen: T;
  onChoose: (choice: T) => void;
  withStatusColour?: boolean;
}

/** One of a few, one click each. Buttons and not radio buttons: moving the focus must not change a ticket. */
export function ChoiceGroup<T extends string>(props: ChoiceGroupProps<T>) {
  const { label, choices, names, chosen, onChoose, withStatusColour } = props;
  return (
    <fieldset className={classes.group}>
      <legend>{label}</legend>
      <div className={classes.choices} data-in-pairs={withStatusColour}>
        {choices.map((choice) => (
          <button
            key={choice}
            type="button"
            className={classes.choice}
            aria-pressed={choice === chosen}
            data-status={withStatusColour ? choice : undefined}
            onClick={() => choice !== chosen && onChoose(choice)}
          >
            {names[choice]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
