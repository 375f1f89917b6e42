import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Button.css";
import "@mantine/core/styles/ActionIcon.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/Loader.css";
import "@mantine/core/styles/Alert.css";
import "@mantine/core/styles/CloseButton.css";
import "@/styles/global.css";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import type { NextPage } from "next";
import type { AppProps } from "next/app";
import Head from "next/head";
import Router from "next/router";
import { useState } from "react";

import { Desk } from "@/components/shell/Desk";
import { createQueryClient } from "@/lib/query-client";
import { texts } from "@/lib/texts";
import { theme } from "@/lib/theme";

/** A `standalone` page brings its own frame and needs no sign-in. */
export type DeskPage = NextPage & { standalone?: boolean };

function goToLogin() {
  if (Router.pathname === "/login") return;
  void Router.replace({ pathname: "/login", query: { next: Router.asPath } });
}

export default function App({ Component, pageProps }: AppProps & { Component: DeskPage }) {
  const [queryClient] = useState(() => createQueryClient(goToLogin));
  const page = <Component {...pageProps} />;
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Head>
        <title>{texts.productName}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      </Head>
      <QueryClientProvider client={queryClient}>
        {Component.standalone ? page : <Desk>{page}</Desk>}
      </QueryClientProvider>
    </MantineProvider>
  );
}
