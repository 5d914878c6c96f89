import type { Phrases } from './declare.ts';

export const en: Phrases = {
  language: 'en',
  locale: 'en-GB',
  namePattern: '{given} {family}',
  givenNames: [
    ['Harriet', 'harriet'],
    ['Owen', 'owen'],
    ['Priscilla', 'priscilla'],
    ['Desmond', 'desmond'],
    ['Siobhán', 'siobhan'],
    ['Callum', 'callum'],
    ['Noor', 'noor'],
    ['Mary-Jane', 'mary-jane'],
  ],
  familyNames: ['Ashdown', 'O’Mara', 'Pemberton', 'Quill', 'Van der Wick', 'Tansley', 'Brightwater', 'Li'],
  topics: {
    pairing: {
      subject: 'Lamp does not pair with the app',
      questions: [
        'Hi, my {product} blinks blue, but the Glow app never finds it. I have tried three times now. What am I missing?',
        'The app says "no lamp nearby". The lamp is twenty centimetres away, on my desk, switched on.',
        'New phone, same lamp. How do I pair the {product} again without losing my scenes?',
      ],
      answer:
        'Please hold the dial for five seconds until the light breathes blue, then open Glow → Add lamp. Bluetooth and location both have to be on while you pair. Your scenes are kept in your account, so nothing is lost.',
    },
    delivery: {
      subject: 'Where is order {order}?',
      questions: [
        'I ordered the {product} nine days ago (order {order}), and the tracking page has not moved since Tuesday.',
        'Could you tell me whether {order} will arrive before the weekend? It is a birthday present, and I am away from Saturday.',
      ],
      answer:
        'Order {order} left our warehouse and is with the carrier. Parcels normally take two to four working days; tracking is updated once a day, in the evening.',
    },
    invoice: {
      subject: 'Charged twice: {amount}',
      questions: [
        'My card was charged {amount} twice for {plan}. I only have one subscription. Please refund one of them.',
        'I need an invoice with our company name, address and VAT number on it for {order}, {amount}.',
      ],
      answer:
        'One of the two entries is a reservation, and your bank releases it within five days. You can download every invoice, with your company details, under Glow → Account → Billing.',
    },
    flicker: {
      subject: 'Light flickers at low brightness',
      questions: [
        'Below about ten percent my {product} flickers. It gives me a headache in the evening.',
        'Since the last update the warm tones flicker for a second when I dim. Known problem?',
      ],
      answer:
        'This was fixed in firmware 4.2. Keep the lamp plugged in, open Glow → Lamp → Update, and leave the phone beside it for about six minutes. If it still flickers, switch off "Power saving".',
    },
    cancel: {
      subject: 'Cancel {plan}',
      questions: [
        'How do I cancel {plan}? I cannot find the button anywhere.',
        'Please end my {plan} at the end of this month, and tell me what happens to my sunrise alarms.',
      ],
      answer:
        'You can cancel under Glow → Account → Plan → End plan. {plan} stays active until the end of the paid period; sunrise alarms you have set keep working, you only cannot add new ones.',
    },
    warranty: {
      subject: 'Hinge of the {product} is loose',
      questions: [
        'The hinge of my {product} no longer holds the arm up. It is eleven months old. Is that covered?',
        'A screw is missing from the box, the small one, M3 I think. Can you send me just the screw, please?',
      ],
      answer:
        'All moving parts are covered for three years. Send us a photo of the hinge and of the label under the foot, and we post a replacement kit; no need to return the lamp.',
    },
  },
  greeting: 'Hello! I am Ember, the assistant of Ottervale. How can I help with your lamp today?',
  followUps: [
    'I tried that, twice. No change.',
    'It worked for a minute, then the same again.',
    'You can reach me at {email} or on {phone} after six.',
    'Sorry, which menu is that? I only see "Scenes", "Alarms" and "Help".',
    'Yes, that is the right address.',
    'And does that also apply to the lamp of my daughter? Same account, other room.',
    'no',
    'Can I talk to a person, please?',
  ],
  botReplies: [
    'Thank you. Could you tell me which firmware is shown under Glow → Lamp → About?',
    'I have looked this up: order {order} belongs to your account, so we can go on from here.',
    'Please unplug the lamp, wait for ten seconds, and plug it in again. What colour is the ring now?',
    'I am not certain about this one. I would rather ask a colleague than guess.',
  ],
  handoff: 'The conversation was handed to the team. The customer asked for a person.',
  teammateReplies: [
    'Hi {name}, this is {agent} from Ottervale. I have read the whole conversation, so you need not repeat anything. Give me ten minutes.',
    'I have refunded {amount}. Depending on the bank you will see it in three to five days.',
    'The replacement for {order} left today. You need not send the old part back.',
    'Sorry for the wait, {name}: I wanted to check this with the workshop first. They say it is safe to keep using the lamp.',
  ],
  notes: [
    '@Mirela can you check the batch of {order}? Third loose hinge this week.',
    'Customer was polite but has waited for four days. Please do not send the standard text again.',
    'Refund approved up to {amount}. Phone for call-back: {phone}',
  ],
  thanks: [
    'Perfect, thank you!',
    'That did it. Thanks a lot, {agent}.',
    'Okay, thanks.',
    'Works now. Great support!',
  ],
  closings: [
    'Glad to hear it. I will close this conversation; just write here again if anything comes up.',
    'You are welcome, {name}. Enjoy the light!',
  ],
  csatComments: [
    'Quick and friendly.',
    'Took too long, but {agent} was great.',
    'The bot went round in circles, "helpful" it was not.',
  ],
  memories: [
    'Prefers short answers, in English.',
    'Owns three lamps; the one in the study has serial OV-55-0192.',
  ],
};
