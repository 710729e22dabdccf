/** What a palette shows of the language's own types: the group, by kind, and an icon of Lucide. */
export const KIND_CATEGORIES = {
  container: 'Flow',
  control: 'Flow',
  wait: 'Waiting',
  data: 'Lists and data',
} as const;

const ICONS: Readonly<Record<string, string>> = {
  ...{ forEach: 'repeat', while: 'refresh-cw', race: 'flag', try: 'shield', if: 'split', switch: 'git-branch' },
  'ai.agent': 'bot',
  ...{ respond: 'reply', stop: 'octagon-x', fail: 'triangle-alert' },
  ...{ wait: 'hourglass', waitForEvent: 'bell', approval: 'user-check' },
  ...{
    call: 'play',
    webhook: 'webhook',
    form: 'square-pen',
    schedule: 'calendar-clock',
    event: 'radio',
    failure: 'siren',
  },
};

/** The icon of one of the language's own types or triggers. */
export const iconOf = (type: string): string => ICONS[type] ?? 'list';
