import { ColorSchemeScript } from "@mantine/core";
import NextDocument, { Head, Html, Main, NextScript } from "next/document";
import { cloneElement } from "react";

import { FIRST_QUESTIONS } from "@/lib/first-questions";

type Files = Parameters<Head["getScripts"]>[0];

/** A browser holds deferred scripts back until the styles are here, though nothing is drawn without them either. */
class QuickHead extends Head {
  getScripts(files: Files) {
    return super.getScripts(files).map((script) => cloneElement(script, { fetchPriority: "high" }));
  }
}

export default class Document extends NextDocument {
  render() {
    const questions = FIRST_QUESTIONS[this.props.__NEXT_DATA__.page] ?? [];
    return (
      <Html lang="en" suppressHydrationWarning>
        <QuickHead>
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <meta name="color-scheme" content="light dark" />
          <ColorSchemeScript defaultColorScheme="auto" />
        </QuickHead>
        <body>
          {questions.map((address) => (
            <link key={address} rel="preload" as="fetch" href={address} crossOrigin="anonymous" />
          ))}
          <Main />
          <NextScript />
        </body>
      </Html>
    );
  }
}
