import Link from "next/link";
import { useEffect } from "react";

import classes from "@/components/composer/CannedOptions.module.css";
import type { useCannedPicker } from "@/hooks/useCannedPicker";
import { cannedTexts } from "@/lib/canned-texts";

/** The canned replies that fit what is typed, over the answer's field, which keeps the focus. */
export function CannedOptions({ picker }: { picker: ReturnType<typeof useCannedPicker> }) {
  const { id, options, active, isEmpty } = picker;
  const activeId = active?.id;
  useEffect(() => {
    if (activeId !== undefined)
      document.getElementById(`${id}-${activeId}`)?.scrollIntoView({ block: "nearest" });
  }, [id, activeId]);
  const isOpen = options.length > 0 || isEmpty;
  return (
    <>
      <p role="status" className="visually-hidden">
        {options.length > 0 && cannedTexts.found(options.length)}
      </p>
      {isOpen && (
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- leaves the focus where it is
        <div className={classes.panel} onMouseDown={(event) => event.preventDefault()}>
          {isEmpty && <p className={classes.empty}>{cannedTexts.empty}</p>}
          {options.length > 0 && (
            <ul id={id} role="listbox" tabIndex={0} aria-label={cannedTexts.list} className={classes.options}>
              {options.map((reply) => (
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has the keys
                <li
                  key={reply.id}
                  id={`${id}-${reply.id}`}
                  role="option"
                  aria-selected={reply === active}
                  className={classes.option}
                  onClick={() => picker.choose(reply)}
                >
                  <span className={classes.names}>
                    <strong>{reply.title}</strong>
                    <code className={classes.shortcut}>/{reply.shortcut}</code>
                  </span>
                  <span className={classes.text}>{picker.filled(reply)}</span>
                </li>
              ))}
            </ul>
          )}
          <Link href="/canned-replies" className={classes.manage} tabIndex={-1}>
            {cannedTexts.manage}
          </Link>
        </div>
      )}
    </>
  );
}
