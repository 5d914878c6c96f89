import type { Phrases } from './declare.ts';

export const fr: Phrases = {
  language: 'fr',
  locale: 'fr-FR',
  namePattern: '{given} {family}',
  givenNames: [
    ['Zoé', 'zoe'],
    ['François', 'francois'],
    ['Maëlle', 'maelle'],
    ['Benoît', 'benoit'],
    ['Anaïs', 'anais'],
    ['Gaël', 'gael'],
    ['Noëlle', 'noelle'],
    ['Théo', 'theo'],
  ],
  familyNames: ['Lefèvre', 'd’Aubigny', 'Châtelain', 'Garçon', 'Peltier', 'L’Hôte', 'Bœuf', 'Marchais'],
  topics: {
    pairing: {
      subject: 'La lampe ne se connecte pas à l’application',
      questions: [
        'Bonjour, ma {product} clignote en bleu mais l’application Glow ne la trouve pas. J’ai essayé trois fois…',
        'J’ai changé de téléphone : comment reconnecter ma {product} sans perdre mes ambiances ?',
      ],
      answer:
        'Maintenez la molette enfoncée cinq secondes, jusqu’à ce que la lumière bleue respire, puis ouvrez Glow → Ajouter une lampe. Le Bluetooth et la localisation doivent être activés. Vos ambiances restent dans votre compte.',
    },
    delivery: {
      subject: 'Où en est la commande {order} ?',
      questions: [
        'J’ai commandé une {product} il y a neuf jours (commande {order}) et le suivi n’a pas bougé depuis mardi.',
        'La commande {order} arrivera-t-elle avant le week-end ? C’est un cadeau d’anniversaire.',
      ],
      answer:
        'La commande {order} a quitté notre entrepôt et se trouve chez le transporteur. Comptez deux à quatre jours ouvrés ; le suivi est mis à jour une fois par jour, le soir.',
    },
    invoice: {
      subject: 'Débité deux fois : {amount}',
      questions: [
        'Ma carte a été débitée deux fois de {amount} pour {plan}. Je n’ai qu’un abonnement. Merci de m’en rembourser un.',
        'Il me faut une facture de {amount} au nom de notre société pour {order}.',
      ],
      answer:
        'L’une des deux opérations est une simple réservation : votre banque la libère sous cinq jours. Toutes vos factures se trouvent dans Glow → Compte → Facturation.',
    },
    flicker: {
      subject: 'La lumière vacille à faible intensité',
      questions: [
        'En dessous de dix pour cent, ma {product} vacille. Le soir, cela me donne mal à la tête.',
        'Depuis la mise à jour, les tons chauds vacillent quand je baisse la lumière. C’est connu ?',
      ],
      answer:
        'C’est corrigé dans la version 4.2. Laissez la lampe branchée, ouvrez Glow → Lampe → Mise à jour, et gardez le téléphone à côté pendant six minutes environ.',
    },
    cancel: {
      subject: 'Résilier {plan}',
      questions: [
        'Comment résilier {plan} ? Je ne trouve le bouton nulle part.',
        'Merci d’arrêter mon {plan} à la fin du mois. Que deviennent mes réveils « lever de soleil » ?',
      ],
      answer:
        'La résiliation se fait dans Glow → Compte → Formule → Arrêter. {plan} reste actif jusqu’à la fin de la période payée ; les réveils déjà réglés continuent de fonctionner.',
    },
    warranty: {
      subject: 'L’articulation de la {product} ne tient plus',
      questions: [
        'L’articulation de ma {product} ne tient plus le bras. Elle a onze mois. Est-ce garanti ?',
        'Il manque une vis dans la boîte, la petite. Pouvez-vous m’envoyer seulement la vis ?',
      ],
      answer:
        'Toutes les pièces mobiles sont garanties trois ans. Envoyez-nous une photo de l’articulation et de l’étiquette sous le pied : nous vous expédions un kit, sans retour de la lampe.',
    },
  },
  greeting: 'Bonjour ! Je suis Ember, l’assistante d’Ottervale. Comment puis-je vous aider ?',
  followUps: [
    'J’ai déjà essayé, deux fois. Rien ne change.',
    'Ça a marché une minute, puis de nouveau la même chose.',
    'Vous pouvez me joindre à {email} ou au {phone} après 18 h.',
    'C’est dans quel menu ? Je ne vois que « Ambiances », « Réveils » et « Aide ».',
    'Puis-je parler à quelqu’un, s’il vous plaît ?',
  ],
  botReplies: [
    'Merci. Quelle version est indiquée dans Glow → Lampe → À propos ?',
    'J’ai vérifié : la commande {order} est bien liée à votre compte, nous pouvons continuer.',
    'Je n’en suis pas certaine. Plutôt que de deviner, je préfère demander à un collègue.',
  ],
  handoff: 'La conversation a été transmise à l’équipe.',
  teammateReplies: [
    'Bonjour {name}, ici {agent}, d’Ottervale. J’ai tout relu, inutile de répéter quoi que ce soit.',
    'Je vous ai remboursé {amount}. Selon la banque, comptez trois à cinq jours.',
    'La pièce de rechange pour {order} est partie aujourd’hui.',
  ],
  notes: [
    '@Mirela, peux-tu vérifier le lot de {order} ? Troisième articulation cette semaine.',
    'Rappeler au {phone}, pas avant 9 h.',
  ],
  thanks: ['Parfait, merci beaucoup !', 'Ça marche maintenant. Merci {agent} !', 'D’accord, merci.'],
  closings: [
    'Ravie de l’apprendre. Je ferme la conversation ; n’hésitez pas à réécrire ici.',
    'Je vous en prie, {name}. Bonne lumière !',
  ],
  csatComments: ['Rapide et aimable.', 'Un peu long, mais {agent} a été formidable.'],
  memories: ['Préfère être vouvoyée.', 'A trois lampes, dont une à l’atelier.'],
};
