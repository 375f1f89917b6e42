import next from "@next/eslint-plugin-next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const onlyHooksCallTheApi = {
  patterns: [
    {
      group: ["**/api-client", "**/phone-client"],
      allowTypeImports: true,
      message: "Pages and components use a hook of hooks/; only hooks call the API.",
    },
  ],
};

export default tseslint.config(
  { ignores: [".next/", "out/", "next-env.d.ts", "lib/*.gen.ts", "test-results/", "playwright-report/"] },
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    files: ["**/*.tsx", "hooks/**/*.ts"],
    ...jsxA11y.flatConfigs.recommended,
    rules: {
      ...jsxA11y.flatConfigs.recommended.rules,
      // A region that scrolls must be reachable by keyboard.
      "jsx-a11y/no-noninteractive-tabindex": ["error", { tags: [], roles: ["region", "tabpanel"] }],
    },
  },
  {
    plugins: { "@next/next": next },
    rules: { ...next.configs.recommended.rules, ...next.configs["core-web-vitals"].rules },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "max-lines": ["error", 250],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-restricted-globals": ["error", "fetch", "EventSource", "localStorage"],
    },
  },
  {
    files: ["pages/**", "components/**"],
    rules: { "no-restricted-imports": ["error", onlyHooksCallTheApi] },
  },
  {
    files: ["pages/**/*.tsx", "components/**/*.tsx"],
    ignores: ["pages/_document.tsx"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXText[value=/\\p{L}/u]",
          message: "Words of the interface are in lib/texts.ts and its siblings.",
        },
        {
          selector:
            "JSXAttribute[name.name=/^(aria-label|aria-description|title|alt|placeholder|label|description)$/] > Literal[value=/\\p{L}/u]",
          message: "Words of the interface are in lib/texts.ts and its siblings.",
        },
      ],
    },
  },
  {
    files: [
      "lib/api-client.ts",
      "lib/phone-client.ts",
      "lib/browser-store.ts",
      "lib/outgoing-queue.test.ts",
      "e2e/**",
    ],
    rules: { "no-restricted-globals": "off" },
  },
);
