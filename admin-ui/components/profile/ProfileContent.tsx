import { NamePanel } from "@/components/profile/NamePanel";
import { PasswordPanel } from "@/components/profile/PasswordPanel";
import classes from "@/components/profile/Profile.module.css";
import { SecondFactorPanel } from "@/components/profile/SecondFactorPanel";
import { SessionsPanel } from "@/components/profile/SessionsPanel";
import { TokensPanel } from "@/components/profile/TokensPanel";
import { SignOutButton } from "@/components/shell/SignOutButton";
import settings from "@/components/settings/Settings.module.css";
import type { Profile } from "@/lib/models";
import { profileTexts as texts } from "@/lib/profile-texts";

export function ProfileContent({ profile }: { profile: Profile }) {
  return (
    <div className={settings.page}>
      <h1 className={settings.title}>{texts.title}</h1>
      <NamePanel name={profile.admin.name} email={profile.admin.email} />
      <PasswordPanel />
      <SecondFactorPanel profile={profile} />
      <SessionsPanel sessions={profile.sessions} />
      <TokensPanel tokens={profile.tokens} />
      <div className={classes.signOut}>
        <SignOutButton words={texts.signOut} />
      </div>
    </div>
  );
}
