import Head from "next/head";
import { useRouter } from "next/router";

import { LoginForm } from "@/components/login/LoginForm";
import { returnAddress } from "@/lib/return-address";
import { loginTexts } from "@/lib/login-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const LoginPage: DeskPage = () => {
  const router = useRouter();
  return (
    <>
      <Head>
        <title>{texts.pageTitle(loginTexts.title)}</title>
      </Head>
      {/* A page of its own: the first questions of this one may have been refused, and would answer that again. */}
      <LoginForm onSignedIn={() => window.location.replace(returnAddress(router.query.next))} />
    </>
  );
};

LoginPage.standalone = true;
export default LoginPage;
