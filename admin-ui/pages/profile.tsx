import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { ProfileContent } from "@/components/profile/ProfileContent";
import { useProfile } from "@/hooks/useProfile";
import { profileTexts } from "@/lib/profile-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const ProfilePage: DeskPage = () => {
  const profile = useProfile();
  if (profile.error) return <Failure error={profile.error} onRetry={() => void profile.refetch()} />;
  if (!profile.data) return <Waiting />;
  return (
    <>
      <Head>
        <title>{texts.pageTitle(profileTexts.title)}</title>
      </Head>
      <ProfileContent profile={profile.data} />
    </>
  );
};

export default ProfilePage;
