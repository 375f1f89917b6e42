import { Button } from "@mantine/core";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

import notice from "@/components/common/Notice.module.css";
import { AttachedFiles } from "@/components/composer/AttachedFiles";
import classes from "@/components/composer/Composer.module.css";
import { OutgoingContent } from "@/components/thread/OutgoingContent";
import { useAttachments } from "@/hooks/useAttachments";
import type { useDraft } from "@/hooks/useDraft";
import type { useOutgoingMessages } from "@/hooks/useOutgoingMessages";
import { composerTexts } from "@/lib/composer-texts";
import { texts } from "@/lib/texts";

interface GoneTicketProps {
  ticketId: number;
  toList: ComponentProps<typeof Link>["href"];
  answers: ReturnType<typeof useOutgoingMessages>;
  drafts: ReturnType<typeof useDraft>[];
}

/** In the place of a ticket that is not there. What was written on it is still its writer's, to copy or to drop. */
export function GoneTicket({ ticketId, toList, answers, drafts }: GoneTicketProps) {
  const attachments = useAttachments(ticketId);
  return (
    <div className={notice.centre}>
      <p className={notice.text} role="alert">
        {texts.tickets.notFound}
      </p>
      {answers.outgoing.map((one) => (
        <Unsent key={one.client_id} onDiscard={() => answers.discard(one)}>
          <OutgoingContent outgoing={one} />
        </Unsent>
      ))}
      {drafts
        .filter((draft) => draft.text)
        .map((draft, index) => (
          <Unsent key={index} onDiscard={() => draft.write("")}>
            <p className={classes.keptText}>{draft.text}</p>
          </Unsent>
        ))}
      <AttachedFiles attachments={attachments} />
      <Button component={Link} href={toList} variant="default">
        {texts.tickets.back}
      </Button>
    </div>
  );
}

function Unsent({ children, onDiscard }: { children: ReactNode; onDiscard: () => void }) {
  return (
    <div role="group" aria-label={composerTexts.notSent}>
      <p className={classes.hint}>{composerTexts.notSent}</p>
      {children}
      <Button size="sm" h={44} variant="subtle" onClick={onDiscard}>
        {composerTexts.discard}
      </Button>
    </div>
  );
}
