import { Icon } from "@/components/common/Icon";
import classes from "@/components/tags/TagChip.module.css";
import type { Tag } from "@/lib/models";
import { tagTexts } from "@/lib/tag-texts";

export function TagChip({ tag, onRemove }: { tag: Tag; onRemove?: () => void }) {
  return (
    <span className={classes.chip} data-colour={tag.colour}>
      <span className={classes.name}>{tag.name}</span>
      {onRemove && (
        <button
          type="button"
          className={classes.remove}
          aria-label={tagTexts.remove(tag.name)}
          onClick={onRemove}
        >
          <Icon name="cross" size={12} />
        </button>
      )}
    </span>
  );
}
