import { plans, products } from './company.ts';
import { TOPICS, type Topic } from './phrases/declare.ts';
import { fillPhrase, languages } from './phrases/phrases.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const KINDS = ['article', 'website', 'qa', 'text', 'file'] as const;
const AUDIENCES = ['public', 'public', 'public', 'paid_users', 'internal'] as const;
const STATES = ['published', 'published', 'draft', 'archived'] as const;

export const KNOWLEDGE_COUNT = TOPICS.length * languages.length;

const values = { product: products[0], plan: plans[0], order: 'OV-12345', amount: '49.00 EUR' };

interface Citation {
  title: string;
  url: string;
  source_id: string;
  quote: string;
}

const citations: readonly Citation[] = languages.flatMap((phrases) =>
  TOPICS.map((topic) => ({
    title: fillPhrase(phrases.topics[topic].subject, values),
    url: `https://help.example.com/${phrases.language}/${topic}?v=4#steps`,
    source_id: `kb-${phrases.language}-${topic}`,
    quote: Array.from(fillPhrase(phrases.topics[topic].answer, values)).slice(0, 60).join(''),
  })),
);

/** A citation of the knowledge source on a topic in a language. */
export function citeSource(topic: Topic, language: number): Citation {
  return { ...citations[language * TOPICS.length + TOPICS.indexOf(topic)]! };
}

/** One source per topic and language. */
export function makeKnowledgeSource(size: SampleSize, index: number): SampleRecord {
  const topic = TOPICS[index % TOPICS.length]!;
  const language = Math.floor(index / TOPICS.length);
  const phrases = languages[language]!;
  const { title, url, source_id } = citeSource(topic, language);
  const { questions, answer } = phrases.topics[topic];
  const random = new Random(size.seed, streams.knowledge, index);
  const created = timeText(size.calendar.beginMs + random.below(86_400_000));
  return {
    type: 'knowledge_source',
    id: source_id,
    kind: KINDS[index % KINDS.length]!,
    title,
    url,
    body: `# ${title}\r\n\r\n${questions.map((question) => `> ${fillPhrase(question, values)}`).join('\r\n')}\r\n\r\n${fillPhrase(answer, values)}\r\n`,
    audience: AUDIENCES[(index * 7) % AUDIENCES.length]!,
    language: phrases.language,
    status: STATES[(index * 5) % STATES.length]!,
    created_at: created,
    updated_at: timeText(size.calendar.draw(random, size.calendar.beginMs)),
    version: 1 + random.below(12),
    ...(index % 4 === 0
      ? { attributes: { crawl: { depth: 2, every: 'P1D' } } }
      : { word_count: answer.length }),
  };
}

const FLOWS = [
  'Greeting',
  'Refund under 50 €',
  'Firmware update',
  'Handoff out of hours',
  'Spare parts (beta)',
] as const;
export const FLOW_COUNT = FLOWS.length;

export function makeFlow(size: SampleSize, index: number): SampleRecord {
  const random = new Random(size.seed, streams.knowledge + 60, index);
  const created = timeText(size.calendar.draw(random, size.calendar.beginMs));
  return {
    type: 'flow',
    id: `flow-${index + 1}`,
    name: FLOWS[index]!,
    status: index === FLOW_COUNT - 1 ? 'draft' : 'published',
    // Some hosts count versions, others name them.
    version: index % 2 === 0 ? index + 3 : `2026.${index}-rc"1"`,
    graph: {
      nodes: [
        { id: 'n1', kind: 'trigger', on: 'conversation.opened' },
        { id: 'n2', kind: 'condition', if: 'language in ["de","pl"] && hour >= 18' },
        { id: 'n3', kind: 'message', text: languages[index]!.greeting },
        { id: 'n4', kind: 'handoff', team: 'workshop' },
      ],
      edges: [
        ['n1', 'n2'],
        ['n2', 'n3', { when: true }],
        ['n2', 'n4', { when: false }],
      ],
    },
    created_at: created,
    updated_at: created,
    attributes: { runs: random.below(90_000) },
  };
}
