import { Button } from "@mantine/core";

import people from "@/components/people/People.module.css";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useRevokeSession } from "@/hooks/useProfile";
import { browserName } from "@/lib/browser-name";
import type { DeskSession } from "@/lib/models";
import { profileTexts as texts } from "@/lib/profile-texts";
import { fullTime } from "@/lib/relative-time";

export function SessionsPanel({ sessions }: { sessions: DeskSession[] }) {
  const revoke = useRevokeSession();
  return (
    <Panel title={texts.sessions}>
      <p role="alert" className={settings.problem}>
        {revoke.error?.message}
      </p>
      <ul className={people.rows}>
        {sessions.map((session) => {
          const name = browserName(session.user_agent);
          return (
            <li key={session.id} className={people.row}>
              <span className={people.who}>
                <span className={people.name}>{name}</span>
                <span className={settings.hint}>
                  {[
                    session.is_this && texts.thisBrowser,
                    session.address,
                    texts.lastSeen(fullTime(session.last_seen_at)),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              {!session.is_this && (
                <Button
                  variant="default"
                  h={44}
                  aria-label={texts.revokeSessionOf(name)}
                  onClick={() => revoke.mutate(session.id)}
                >
                  {texts.revokeSession}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
