import { defineProvider } from '../define.ts';
import { askDocument } from './ask-document.ts';
import { classify } from './classify.ts';
import { code } from './code.ts';
import { describeImage } from './describe-image.ts';
import { embed } from './embed.ts';
import { entities } from './entities.ts';
import { generate } from './generate.ts';
import { generateImage } from './generate-image.ts';
import { intent } from './intent.ts';
import { mcpCall } from './mcp-call.ts';
import { mcpTools } from './mcp-tools.ts';
import { moderate } from './moderate.ts';
import { object } from './object.ts';
import { patterns } from './patterns.ts';
import { rewrite } from './rewrite.ts';
import { sentiment } from './sentiment.ts';
import { similar } from './similar.ts';
import { summarize } from './summarize.ts';
import { transcribe } from './transcribe.ts';
import { translate } from './translate.ts';
import { turn } from './turn.ts';

/** Models: text, data, images, speech. The connection decides the provider. */
export const ai = defineProvider({
  id: 'ai',
  title: 'AI',
  category: 'AI',
  icon: 'sparkles',
  nodes: [
    generate,
    object,
    classify,
    sentiment,
    entities,
    intent,
    summarize,
    translate,
    rewrite,
    code,
    describeImage,
    askDocument,
    embed,
    similar,
    patterns,
    moderate,
    transcribe,
    generateImage,
    mcpCall,
    mcpTools,
    turn,
  ],
  connections: [],
});
