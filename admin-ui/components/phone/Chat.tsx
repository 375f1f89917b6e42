import { ActionIcon } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { Icon } from "@/components/common/Icon";
import { InitialsAvatar } from "@/components/common/InitialsAvatar";
import { Bubble } from "@/components/phone/Bubble";
import { TypingDots } from "@/components/phone/TypingDots";
import classes from "@/components/phone/Chat.module.css";
import { Composer } from "@/components/phone/Composer";
import { EmptyChat } from "@/components/phone/EmptyChat";
import { useIsPageVisible } from "@/hooks/useIsPageVisible";
import { useNow } from "@/hooks/useNow";
import type { usePhone } from "@/hooks/usePhone";
import { usePhoneActs } from "@/hooks/usePhoneActs";
import type { ChosenFile } from "@/hooks/usePhoneActs";
import { visibleMessages } from "@/lib/phone-cache";
import type { NewMessage, PhoneMessage, PhoneThread } from "@/lib/phone-client";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  phone: ReturnType<typeof usePhone>;
  thread: PhoneThread;
  businessName: string;
  onBack: (() => void) | undefined;
}

export function Chat({ phone, thread, businessName, onBack }: Props) {
  const { customer } = thread;
  const messages = visibleMessages(thread);
  const [quoted, setQuoted] = useState<PhoneMessage | null>(null);
  const now = useNow();
  // Alone on a narrow screen it is the page's heading; on a wide one that stands above the customers.
  const Heading = onBack ? "h1" : "h2";
  const behind = customer.hours_behind;
  const subtitle = behind > 0 ? texts.customer.behind(behind) : texts.business;
  const composer = useRef<HTMLTextAreaElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const acts = usePhoneActs();
  const isTyping = Boolean(phone.typing[customer.id]);
  useReadMarks(customer.id, customer.unread, phone.open.mutate);
  useLayoutEffect(() => {
    // In braces: newer browsers return a promise, which React would take for the effect's clean-up.
    end.current?.scrollIntoView({ block: "end" });
  }, [messages.length, isTyping]);

  const write = (message: NewMessage, onFailed?: () => void) => {
    setQuoted(null);
    phone.write.mutate({ id: customer.id, message }, { onError: onFailed });
  };
  const sendFile = (file: ChosenFile, rest: Partial<NewMessage>) => {
    setQuoted(null);
    acts.sendFile(customer.id, file, rest);
  };
  const startReply = (message: PhoneMessage) => {
    setQuoted(message);
    composer.current?.focus();
  };

  return (
    <>
      <header className={classes.header}>
        {onBack && (
          <ActionIcon variant="transparent" color="#fff" size={44} aria-label={texts.back} onClick={onBack}>
            <Icon name="back" size={22} />
          </ActionIcon>
        )}
        <InitialsAvatar name={businessName} />
        <div className={classes.who}>
          <Heading className={classes.business}>{businessName}</Heading>
          <p className={classes.subtitle} aria-live="polite">
            {isTyping ? texts.typing : subtitle}
          </p>
        </div>
      </header>
      <div
        className={classes.log}
        role="log"
        aria-label={texts.chatWith(businessName, customer.name)}
        // A list that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {messages.length === 0 && <EmptyChat onSay={(text) => write({ type: "text", text })} />}
        {messages.map((message, index) => (
          <Bubble
            key={message.id}
            customerId={customer.id}
            acts={acts}
            message={message}
            previous={messages[index - 1]}
            businessName={businessName}
            now={now}
            onReply={() => startReply(message)}
            onWrite={write}
          />
        ))}
        {isTyping && <TypingDots />}
        <div ref={end} />
      </div>
      <Composer
        ref={composer}
        quoted={quoted}
        businessName={businessName}
        error={phone.write.error?.message ?? acts.error}
        isSending={acts.isPending}
        onStopReplying={() => setQuoted(null)}
        onWrite={write}
        onSendFile={sendFile}
      />
    </>
  );
}

/** Whoever looks at the chat has read it; a tab in the background has not. */
function useReadMarks(id: string, unread: number, open: (id: string) => void) {
  const isVisible = useIsPageVisible();
  useEffect(() => {
    if (isVisible && unread > 0) open(id);
  }, [id, unread, isVisible, open]);
}
