import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DESK_PORT } from "./desks";

/** Rows as they would be after years, written straight into the desk's database: one statement each. */
const SCRIPT = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
many, first = int(sys.argv[2]), 1_000_000
db.execute("""INSERT OR IGNORE INTO contacts (id, name, phone_number, profile_name, language, timezone, version, is_sample,
  created_at, updated_at)
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
  SELECT ? + i, 'Seeded ' || i, '234700' || (1000000 + i), '', '', '', 1, 0, datetime('now'), datetime('now')
  FROM n""", (many, first))
db.execute("""INSERT OR IGNORE INTO support_tickets (id, contact_id, live_contact_id, phone_number, phone_number_id, sender_name,
  issue_description, status, priority, created_at, updated_at, unread_count, version, last_message_at,
  last_message_preview)
  SELECT id, id, id, phone_number, '106540352242922', name, 'Order ' || id, 'OPEN', 'MEDIUM', datetime('now'),
  datetime('now'), 0, 1, strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (id - ? + 60) || ' minutes'), 'Message of ' || name
  FROM contacts WHERE id >= ?""", (first, first))
db.commit()
`;

/** So many open tickets, the first of them the newest of these, an hour and more ago. */
export function seedTickets(many: number): void {
  const database = join(tmpdir(), `chat-support-e2e-${DESK_PORT}`, "chat-support.db");
  execFileSync("../.venv/bin/python", ["-c", SCRIPT, database, String(many)]);
}
