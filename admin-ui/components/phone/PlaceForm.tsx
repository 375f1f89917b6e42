import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/Form.module.css";
import { Sheet } from "@/components/phone/Sheet";
import type { NewMessage } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.placeForm;

interface Props {
  onSend: (message: NewMessage) => void;
  onClose: () => void;
}

export function PlaceForm({ onSend, onClose }: Props) {
  const [place, setPlace] = useState({
    text: "National Theatre",
    address: "Iganmu, Lagos",
    latitude: "6.4764",
    longitude: "3.3694",
  });
  const [isRefused, setRefused] = useState(false);
  const field = (key: keyof typeof place, label: string, isNumber = false) => (
    <TextInput
      label={label}
      value={place[key]}
      onChange={(event) => setPlace({ ...place, [key]: event.currentTarget.value })}
      maxLength={200}
      required={isNumber}
      {...(isNumber && { inputMode: "decimal" as const, pattern: "-?[0-9]{1,3}([.][0-9]+)?" })}
    />
  );
  const findMe = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const [latitude, longitude] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
        setPlace({ text: "", address: "", latitude, longitude });
      },
      () => setRefused(true),
    );
  return (
    <Sheet title={texts.title} onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const { latitude, longitude } = place;
          onSend({ ...place, type: "location", latitude: Number(latitude), longitude: Number(longitude) });
        }}
      >
        <Button variant="default" leftSection={<Icon name="pin" />} onClick={findMe}>
          {texts.mine}
        </Button>
        {isRefused && (
          <p className={classes.problem} role="alert">
            {texts.refused}
          </p>
        )}
        {field("text", texts.name)}
        {field("address", texts.address)}
        <div className={classes.pair}>
          {field("latitude", texts.latitude, true)}
          {field("longitude", texts.longitude, true)}
        </div>
        <Button type="submit">{phoneTexts.send}</Button>
      </form>
    </Sheet>
  );
}
