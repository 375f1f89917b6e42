import { Alert } from "@mantine/core";

import type { useChangeTicket } from "@/hooks/useTicket";
import { detailsTexts } from "@/lib/details-texts";
import { texts } from "@/lib/texts";

/** Why a change was not taken: most of the time, because somebody else was faster. */
export function ChangeProblem({ change }: { change: ReturnType<typeof useChangeTicket> }) {
  return (
    <div role="alert" style={{ gridArea: "problem" }}>
      {change.error && (
        <Alert
          color={change.wasOvertaken ? "yellow" : "red"}
          title={change.wasOvertaken ? detailsTexts.changed : texts.errors.title}
          withCloseButton
          closeButtonLabel={texts.dismiss}
          onClose={change.dismiss}
          radius={0}
          role="presentation"
        >
          {change.error.message}
        </Alert>
      )}
    </div>
  );
}
