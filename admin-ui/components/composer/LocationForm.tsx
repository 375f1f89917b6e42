import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { ReplyForm } from "@/components/composer/ReplyForm";
import classes from "@/components/composer/ReplyForm.module.css";
import { composerTexts } from "@/lib/composer-texts";

const words = composerTexts.location;

export function LocationForm({ onSend }: ReplyFormProps) {
  const [latitude, setLatitude] = useState("");
  const [longitude, setLongitude] = useState("");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  function useMyPosition() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLatitude(coords.latitude.toFixed(6));
        setLongitude(coords.longitude.toFixed(6));
        setProblem(null);
      },
      () => setProblem(words.refused),
    );
  }
  function submit() {
    const place = { latitude: Number(latitude), longitude: Number(longitude), name, address };
    const isOnEarth = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180;
    if (isOnEarth) onSend({ text: "", content: { location: place }, file: null });
    else setProblem(words.invalid);
  }
  return (
    <ReplyForm problem={problem} onSubmit={submit}>
      <Button variant="default" h={44} leftSection={<Icon name="pin" />} onClick={useMyPosition}>
        {words.mine}
      </Button>
      <div className={classes.pair}>
        <TextInput
          label={words.latitude}
          size="md"
          required
          inputMode="decimal"
          pattern="-?\d{1,3}(\.\d+)?"
          value={latitude}
          onChange={(event) => setLatitude(event.currentTarget.value)}
        />
        <TextInput
          label={words.longitude}
          size="md"
          required
          inputMode="decimal"
          pattern="-?\d{1,3}(\.\d+)?"
          value={longitude}
          onChange={(event) => setLongitude(event.currentTarget.value)}
        />
      </div>
      <TextInput
        label={words.name}
        size="md"
        maxLength={1000}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={words.address}
        size="md"
        maxLength={1000}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
    </ReplyForm>
  );
}
