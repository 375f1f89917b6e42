import type { IconName } from "@/components/common/Icon";
import { Icon } from "@/components/common/Icon";
import classes from "@/components/common/MenuItem.module.css";

interface MenuItemProps {
  icon: IconName;
  label: string;
  /** What to know before choosing it. */
  hint?: string;
  onChoose: () => void;
}

export function MenuItem({ icon, label, hint, onChoose }: MenuItemProps) {
  return (
    <button type="button" className={classes.item} onClick={onChoose}>
      <Icon name={icon} />
      <span className={classes.words}>
        {label}
        {hint && <span className={classes.hint}>{hint}</span>}
      </span>
    </button>
  );
}
