import { ActionIcon, Button } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import { InitialsAvatar } from "@/components/common/InitialsAvatar";
import { AddCustomer } from "@/components/phone/AddCustomer";
import classes from "@/components/phone/CustomerList.module.css";
import { Ticks } from "@/components/phone/Ticks";
import { ColorSchemeToggle } from "@/components/shell/ColorSchemeToggle";
import type { usePhone } from "@/hooks/usePhone";
import { visibleMessages } from "@/lib/phone-cache";
import type { PhoneCustomer, PhoneState, PhoneThread } from "@/lib/phone-client";
import { isMisbehaving } from "@/lib/phone-misbehaviour";
import { previewOf } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";
import { clockTime } from "@/lib/relative-time";

interface Props {
  phone: ReturnType<typeof usePhone>;
  state: PhoneState;
  chosenId: string | undefined;
  onChoose: (id: string) => void;
  onLevers: () => void;
}

export function CustomerList({ phone, state, chosenId, onChoose, onLevers }: Props) {
  const [isAdding, setAdding] = useState(false);
  const active = isMisbehaving(state.misbehaviour);
  const startOver = () => {
    if (window.confirm(texts.resetQuestion)) phone.reset.mutate();
  };
  return (
    <section className={classes.side} aria-label={texts.customers}>
      <header className={classes.header}>
        <h1 className={classes.title}>{texts.title}</h1>
        <ColorSchemeToggle />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={44}
          aria-label={texts.misbehave.open}
          onClick={onLevers}
        >
          <Icon name="gear" />
        </ActionIcon>
      </header>
      <p className={classes.lead}>
        {texts.lead}{" "}
        <Link href="/support-tickets" target="_blank" className={classes.link}>
          {texts.toDesk}
          <span className="visually-hidden"> ({texts.opensNewTab})</span>
        </Link>
      </p>
      {active && (
        <button type="button" className={classes.active} onClick={onLevers}>
          <Icon name="alert" size={16} />
          {texts.misbehave.active}
          {state.webhooks_waiting > 0 && ` · ${texts.misbehave.waiting(state.webhooks_waiting)}`}
        </button>
      )}
      <ul className={classes.list}>
        {state.threads.map((thread) => (
          <li key={thread.customer.id}>
            <CustomerRow
              thread={thread}
              isTyping={Boolean(phone.typing[thread.customer.id])}
              isChosen={thread.customer.id === chosenId}
              onChoose={() => onChoose(thread.customer.id)}
            />
          </li>
        ))}
      </ul>
      <footer className={classes.footer}>
        {isAdding ? (
          <AddCustomer
            add={phone.addCustomer}
            onDone={(id) => {
              setAdding(false);
              if (id) onChoose(id);
            }}
          />
        ) : (
          <div className={classes.actions}>
            <Button variant="default" onClick={() => setAdding(true)}>
              {texts.addCustomer}
            </Button>
            <Button variant="subtle" color="gray" onClick={startOver}>
              {texts.reset}
            </Button>
          </div>
        )}
      </footer>
    </section>
  );
}

interface RowProps {
  thread: PhoneThread;
  isTyping: boolean;
  isChosen: boolean;
  onChoose: () => void;
}

function CustomerRow({ thread, isTyping, isChosen, onChoose }: RowProps) {
  const { customer } = thread;
  const last = visibleMessages(thread).at(-1);
  return (
    <button type="button" className={classes.row} aria-current={isChosen || undefined} onClick={onChoose}>
      <InitialsAvatar name={customer.name} />
      <span className={classes.words}>
        <span className={classes.name}>{customer.name}</span>
        <span className={classes.preview}>
          {isTyping && texts.typing}
          {!isTyping && last?.author === "customer" && <Ticks status={last.status} />}
          {!isTyping && <span>{last ? previewOf(last) : addressOf(customer)}</span>}
        </span>
      </span>
      <span className={classes.meta}>
        {last && <time>{clockTime(new Date(last.at * 1000).toISOString())}</time>}
        {customer.unread > 0 && (
          <span className={classes.badge}>
            <span aria-hidden>{customer.unread}</span>
            <span className="visually-hidden">{texts.unread(customer.unread)}</span>
          </span>
        )}
      </span>
    </button>
  );
}

function addressOf({ phone_number, username }: PhoneCustomer): string {
  return phone_number ? `+${phone_number}` : `@${username ?? ""}`;
}
