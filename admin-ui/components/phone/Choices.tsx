import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/Choices.module.css";
import { ListSheet } from "@/components/phone/ListSheet";
import type { NewMessage, PhoneMenu } from "@/lib/phone-client";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  menu: PhoneMenu;
  messageId: string;
  onWrite: (message: NewMessage) => void;
}

/** What can be tapped below a message: reply buttons, the button that opens a list, or a link. */
export function Choices({ menu, messageId, onWrite }: Props) {
  const [isListOpen, setListOpen] = useState(false);
  const reply = (type: "list_reply" | "button_reply" | "button", choice_id: string) =>
    onWrite({ type, reply_to: messageId, choice_id });
  return (
    <>
      {menu.buttons.map(({ id, title }) => (
        <button key={id} type="button" className={classes.choice} onClick={() => reply("button_reply", id)}>
          {title}
        </button>
      ))}
      {menu.template_buttons.map(({ id, title }) => (
        <button key={id} type="button" className={classes.choice} onClick={() => reply("button", id)}>
          {title}
        </button>
      ))}
      {menu.links.map(({ label, url }) => (
        <a
          key={label}
          className={classes.choice}
          href={url}
          target="_blank"
          rel="noopener noreferrer nofollow"
        >
          {label}
          <span className="visually-hidden"> ({texts.opensNewTab})</span>
        </a>
      ))}
      {menu.list_label && (
        <button
          type="button"
          className={classes.choice}
          aria-haspopup="dialog"
          onClick={() => setListOpen(true)}
        >
          <Icon name="list" size={16} />
          {menu.list_label}
        </button>
      )}
      {isListOpen && (
        <ListSheet
          menu={menu}
          onChoose={(id) => {
            setListOpen(false);
            reply("list_reply", id);
          }}
          onClose={() => setListOpen(false)}
        />
      )}
    </>
  );
}
