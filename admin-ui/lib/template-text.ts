import type { Template } from "@/lib/models";

interface TemplateButton {
  text?: string;
}

interface Component {
  type?: string;
  text?: string;
  buttons?: TemplateButton[];
}

export interface TemplatePreview {
  header: string;
  body: string;
  footer: string;
  buttons: string[];
}

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The template as the customer will read it; a blank that nobody filled shows what is missing. */
export function previewOf(template: Template, values: Record<string, string>): TemplatePreview {
  const components = template.components as Component[];
  const textOf = (type: string) => {
    const text = components.find((component) => component.type?.toUpperCase() === type)?.text ?? "";
    const key = (name: string) => `${type.toLowerCase()}.${name}`;
    return text.replace(PLACEHOLDER, (blank, name: string) => values[key(name)] || blank);
  };
  const buttons = components.flatMap((component) => component.buttons ?? []);
  return {
    header: textOf("HEADER"),
    body: textOf("BODY"),
    footer: textOf("FOOTER"),
    buttons: buttons.map((button) => button.text ?? "").filter(Boolean),
  };
}

/** What WhatsApp refuses inside a template: line breaks, tabs, five blanks in a row. */
export function isRefusedValue(value: string): boolean {
  return /[\n\r\t]| {5}/.test(value);
}

/** The templates whose name or words hold all that was searched for, in one language or in any. */
export function foundTemplates(templates: Template[], search: string, language: string): Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter((template) => {
    const { header, body, footer } = previewOf(template, {});
    const text = `${template.name} ${header} ${body} ${footer}`.toLowerCase();
    return (!language || template.language === language) && words.every((word) => text.includes(word));
  });
}
