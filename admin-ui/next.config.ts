import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

const desk = process.env.DESK_URL ?? "http://127.0.0.1:8000";

const ONE_FILE = 10_000_000;

/** Static files for the app to serve; `npm run dev` instead passes the API of a running desk through. */
export default function config(phase: string): NextConfig {
  const shared: NextConfig = { trailingSlash: true, reactStrictMode: true, poweredByHeader: false };
  if (phase !== PHASE_DEVELOPMENT_SERVER) {
    // `npm run typecheck` checks the types; a build without the packages of the tests could not
    return {
      ...shared,
      output: "export",
      typescript: { ignoreBuildErrors: true },
      // What every page needs is one file: cut into ten, the same script is a twelfth larger when compressed.
      experimental: { turbopackChunking: { minChunkSize: ONE_FILE, maxMergeChunkSize: ONE_FILE } },
    };
  }
  return {
    ...shared,
    compress: false,
    skipTrailingSlashRedirect: true,
    rewrites: async () => [
      { source: "/api/:path*", destination: `${desk}/api/:path*` },
      { source: "/simulator/phone/:path*", destination: `${desk}/simulator/phone/:path*` },
    ],
  };
}
