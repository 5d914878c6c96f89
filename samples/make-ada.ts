import { products, teammates } from './company.ts';
import { citeSource } from './make-knowledge.ts';
import type { ConversationPlan } from './plan-conversation.ts';
import type { Turn } from './plan-turns.ts';
import { Random, streams } from './random.ts';
import type { SampleSize } from './sample-size.ts';

/** The fields A-33…A-60 of the Ada-shaped API that a conversation's other fields do not give. */
export function makeAdaConversation(
  size: SampleSize,
  plan: ConversationPlan,
  contact: string,
): Record<string, unknown> {
  const random = new Random(size.seed, streams.ada, plan.index);
  const source = citeSource(plan.topic, plan.language);
  const isAssessed = plan.isResolved;
  return {
    agent_handle_time: plan.isEscalated ? random.between(40, 5400) : 0,
    bot_handle_time: random.between(2, 900) + 0.5,
    automated_resolution_classification: isAssessed ? (plan.isEscalated ? 'Not Resolved' : 'Resolved') : null,
    automated_resolution_classification_reason: isAssessed
      ? 'The answer matched the question, "mostly".'
      : null,
    browser: random.pick(['firefox', 'chrome', 'safari']),
    browser_version: `${random.between(100, 140)}.0.${random.below(7000)}.${random.below(200)}`,
    chatter_id: random.hex(24),
    classifications: [
      {
        topic_id: `t-${plan.topic}`,
        topic_name: plan.topic,
        intents: [{ intent_id: 'i-1', intent_name: 'Ask for help', status: 'active' }],
      },
    ],
    device: random.pick(['iphone', 'android', 'macos', 'windows']),
    end_user_id: contact,
    generated_topic_id: `gt-${plan.topic}`,
    generated_topic_label: plan.topic === 'invoice' ? 'Paying & invoices' : 'Lamps',
    generated_topic_v2_id: `gt2-${plan.topic}`,
    generated_topic_v2_title: `About ${plan.topic}`,
    generated_topic_v2_desc: `Questions on ${plan.topic}, all lamps`,
    generated_topic_v2_parent_id: random.chance(50) ? 'gt2-root' : null,
    inquiry_summary: `The customer writes about ${plan.topic}.`,
    is_engaged: plan.turns.length > 1,
    is_escalated: plan.isEscalated,
    is_test_user: random.chance(2),
    metavariables: {
      page: 'https://shop.example.com/desk?ref=mail',
      introShown: random.chance(50),
      ip: `198.51.100.${plan.index % 256}`,
    },
    variables: {
      lampModel: random.pick(products),
      Order_Number: `OV-${random.between(10_000, 99_999)}`,
      note: null,
    },
    oauth_channel: plan.channel === 'sms' ? 'sms' : 'chat',
    platform: random.pick(['web', 'ios', 'email']),
    used_coaching:
      random.chance(25) || plan.index < 8
        ? [
            {
              id: 'co-1',
              entity_name: 'Refund tone',
              coaching_type: 'reply',
              coaching_instructions: 'Say sorry once, not twice.',
              coaching_intent: null,
            },
          ]
        : [],
    used_articles: [{ id: source.source_id, name: source.title, url: source.url, source: 'help centre' }],
    used_playbooks:
      random.chance(25) || plan.index < 8
        ? [
            {
              id: 'pb-2',
              name: 'Firmware update',
              playbook_execution_id: random.hex(12),
              outcome_status: 'completed',
            },
          ]
        : [],
  };
}

const ANSWER_TITLES: Partial<Record<Turn, string>> = {
  greeting: 'Greeting',
  answer: 'How to',
  closing: 'Goodbye',
};

/** The fields A-66…A-76 of a message. Its text is the message's own `body` and not repeated. */
export function makeAdaMessage(plan: ConversationPlan, turn: Turn, random: Random): Record<string, unknown> {
  const title = ANSWER_TITLES[turn];
  const isByPerson = turn === 'question' || turn === 'followUp' || turn === 'thanks';
  const isReviewed = turn === 'answer' && (plan.index < 16 || random.chance(20));
  return {
    answer_id: title === undefined ? null : random.hex(24),
    answer_title: title ?? null,
    link_was_clicked: title === undefined ? null : random.chance(30),
    message_data: makeMessageData(turn, random),
    sender: isByPerson ? 'chatter' : 'Ada',
    recipient: isByPerson ? 'Ada' : 'chatter',
    ...(isReviewed ? { review: random.chance(70) ? 1 : -1 } : {}),
  };
}

function makeMessageData(turn: Turn, random: Random): Record<string, unknown> {
  switch (turn) {
    case 'greeting':
      return { _type: 'greeting', external_chat_id: random.hex(32), reviewable_message: false };
    case 'tool':
      return { _type: 'tool_call', is_handoff: false, locked: true };
    case 'handoff':
      return {
        _type: 'tool_call',
        is_handoff: true,
        meta_data: { agent_id: random.pick(teammates).id, department_id: 'workshop' },
      };
    case 'answer':
      return random.chance(80)
        ? { _type: 'text', has_variables: true, reviewable_message: true }
        : {
            _type: 'picture',
            alt_text: 'The dial, "breathing" blue',
            pic_url: 'https://help.example.com/dial.png',
            has_variables: false,
            reviewable_message: true,
          };
    case 'botReply':
      return {
        _type: 'quick_replies',
        has_variables: false,
        has_forced_quick_replies: false,
        items: [
          { button_type: 'text', label: 'Yes, "blue"', target: 'n3' },
          { button_type: 'text', label: 'No', target: 'n4' },
        ],
      };
    case 'closing':
      return random.chance(50)
        ? { _type: 'csat_shown', sms_text: null }
        : { _type: 'text', has_variables: false, reviewable_message: true };
    default:
      return { _type: 'text', has_variables: false, reviewable_message: false };
  }
}
