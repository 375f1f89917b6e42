import { ActionIcon, TextInput } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/settings/Settings.module.css";
import type { RateDraft } from "@/lib/rates";
import { settingsTexts as texts } from "@/lib/settings-texts";

interface RateFieldsProps {
  number: number;
  draft: RateDraft;
  onChange: (draft: RateDraft) => void;
  onRemove: () => void;
}

export function RateFields({ number, draft, onChange, onRemove }: RateFieldsProps) {
  return (
    <div className={classes.rate}>
      <TextInput
        aria-label={texts.rateCategory(number)}
        placeholder={texts.categoryHint}
        size="md"
        required
        pattern="\s*[A-Za-z][A-Za-z0-9_]{0,39}\s*"
        value={draft.category}
        onChange={(event) => onChange({ ...draft, category: event.currentTarget.value })}
      />
      <TextInput
        aria-label={texts.rateType(number)}
        placeholder={texts.typeHint}
        size="md"
        required
        pattern="\s*[A-Za-z][A-Za-z0-9_]{0,39}\s*"
        value={draft.type}
        onChange={(event) => onChange({ ...draft, type: event.currentTarget.value })}
      />
      <TextInput
        aria-label={texts.ratePrice(number)}
        placeholder="0.00"
        size="md"
        required
        inputMode="decimal"
        pattern="\d{1,7}([.,]\d{1,6})?"
        value={draft.rate}
        onChange={(event) => onChange({ ...draft, rate: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={44}
        aria-label={texts.removeRate(number)}
        onClick={onRemove}
      >
        <Icon name="cross" size={16} />
      </ActionIcon>
    </div>
  );
}
