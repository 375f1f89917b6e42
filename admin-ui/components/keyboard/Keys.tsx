import classes from "@/components/keyboard/Keys.module.css";
import { keyboardTexts } from "@/lib/keyboard-texts";

/** Keys as they are printed on the keyboard. */
export function Keys({ keys }: { keys: string }) {
  const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const parts = keys.replace("mod", isMac ? keyboardTexts.mac : keyboardTexts.then).split("+");
  return (
    <>
      {parts.map((part) => (
        <kbd key={part} className={classes.key}>
          {keyboardTexts.keys[part] ?? (part.length === 1 ? part.toUpperCase() : part)}
        </kbd>
      ))}
    </>
  );
}
