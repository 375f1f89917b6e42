import { Button } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/Composer.module.css";
import { composerTexts } from "@/lib/composer-texts";

/** What stands in the place of the text when WhatsApp takes only templates. What was typed is not lost. */
export function TemplatesOnly({ draft, onChoose }: { draft: string; onChoose: () => void }) {
  return (
    <div className={classes.closed}>
      {draft && (
        <div className={classes.kept}>
          <p className={classes.hint}>{composerTexts.draftKept}</p>
          <p className={classes.keptText}>{draft}</p>
        </div>
      )}
      <Button h={44} leftSection={<Icon name="template" />} onClick={onChoose}>
        {composerTexts.chooseTemplate}
      </Button>
    </div>
  );
}
