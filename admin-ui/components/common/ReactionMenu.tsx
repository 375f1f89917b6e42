import type { ReactNode } from "react";

import { Popup } from "@/components/common/Popup";
import classes from "@/components/common/ReactionMenu.module.css";

/** The six that WhatsApp itself offers first. */
const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface ReactionMenuProps {
  label: string;
  words: { react: (emoji: string) => string; takeBack: (emoji: string) => string };
  /** The emoji that the message has from this side already. */
  given?: string | null;
  /** Gets an empty text where the given one is taken back; absent where the message takes no reaction. */
  onReact?: (emoji: string) => void;
  tabIndex?: number;
  onFocus?: () => void;
  children: ReactNode;
}

/** What can be done with a message, at the desk and on the practice phone: the emojis, and the choices below them. */
export function ReactionMenu(props: ReactionMenuProps) {
  const { label, words, given, onReact, tabIndex, onFocus, children } = props;
  return (
    <div className={classes.menu}>
      <Popup label={label} icon="more" tabIndex={tabIndex} onFocus={onFocus}>
        {onReact && (
          <div className={classes.emojis}>
            {EMOJIS.map((emoji) => (
              <button
                key={emoji}
                type="button"
                className={classes.emoji}
                aria-label={emoji === given ? words.takeBack(emoji) : words.react(emoji)}
                aria-pressed={emoji === given}
                onClick={() => onReact(emoji === given ? "" : emoji)}
              >
                {emoji}
              </button>
            ))}
          </div>
        )}
        {children}
      </Popup>
    </div>
  );
}
