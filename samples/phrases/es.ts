import type { Phrases } from './declare.ts';

export const es: Phrases = {
  language: 'es',
  locale: 'es-ES',
  namePattern: '{given} {family}',
  givenNames: [
    ['Íñigo', 'inigo'],
    ['Begoña', 'begona'],
    ['Joaquín', 'joaquin'],
    ['Lucía', 'lucia'],
    ['Ramón', 'ramon'],
    ['Ainhoa', 'ainhoa'],
    ['José Luis', 'jose.luis'],
    ['Marisol', 'marisol'],
  ],
  familyNames: [
    'Ibáñez',
    'Núñez de la Vega',
    'Echeverría',
    'Zúñiga',
    'Peñalver',
    'Castaño',
    'Olmedo',
    'Güell',
  ],
  topics: {
    pairing: {
      subject: 'La lámpara no se conecta con la aplicación',
      questions: [
        '¡Hola! Mi {product} parpadea en azul, pero la aplicación Glow no la encuentra. Ya lo he probado tres veces.',
        'Tengo un móvil nuevo. ¿Cómo vuelvo a conectar la {product} sin perder mis escenas?',
      ],
      answer:
        'Mantenga pulsada la rueda cinco segundos, hasta que la luz azul respire, y abra Glow → Añadir lámpara. El Bluetooth y la ubicación deben estar activados. Sus escenas se guardan en su cuenta.',
    },
    delivery: {
      subject: '¿Dónde está el pedido {order}?',
      questions: [
        'Pedí una {product} hace nueve días (pedido {order}) y el seguimiento no se mueve desde el martes.',
        '¿Llegará {order} antes del fin de semana? Es un regalo de cumpleaños.',
      ],
      answer:
        'El pedido {order} ha salido de nuestro almacén y está en manos del transportista. Suele tardar de dos a cuatro días laborables; el seguimiento se actualiza cada noche.',
    },
    invoice: {
      subject: 'Cobrado dos veces: {amount}',
      questions: [
        'Me han cobrado {amount} dos veces por {plan}. Solo tengo una suscripción. ¿Me devuelven una, por favor?',
        'Necesito una factura de {amount} a nombre de la empresa para {order}.',
      ],
      answer:
        'Uno de los dos cargos es una reserva, y su banco la libera en cinco días. Todas las facturas están en Glow → Cuenta → Facturación.',
    },
    flicker: {
      subject: 'La luz parpadea con poco brillo',
      questions: [
        'Por debajo del diez por ciento mi {product} parpadea. Por la noche me da dolor de cabeza.',
        'Desde la última actualización los tonos cálidos parpadean al bajar la luz. ¿Es un fallo conocido?',
      ],
      answer:
        'Está corregido en la versión 4.2. Deje la lámpara enchufada, abra Glow → Lámpara → Actualizar y mantenga el teléfono al lado unos seis minutos.',
    },
    cancel: {
      subject: 'Cancelar {plan}',
      questions: [
        '¿Cómo cancelo {plan}? No encuentro el botón por ninguna parte.',
        'Quiero terminar {plan} a fin de mes. ¿Qué pasa con mis alarmas de amanecer?',
      ],
      answer:
        'Puede cancelar en Glow → Cuenta → Plan → Terminar. {plan} sigue activo hasta el final del periodo pagado; las alarmas ya creadas siguen funcionando.',
    },
    warranty: {
      subject: 'La bisagra de la {product} está floja',
      questions: [
        'La bisagra de mi {product} ya no sujeta el brazo. Tiene once meses. ¿Entra en la garantía?',
        'Falta un tornillo en la caja, el pequeño. ¿Me pueden enviar solo el tornillo?',
      ],
      answer:
        'Todas las piezas móviles tienen tres años de garantía. Envíenos una foto de la bisagra y de la etiqueta bajo la base, y le mandamos un juego de repuesto.',
    },
  },
  greeting: '¡Hola! Soy Ember, la asistente de Ottervale. ¿En qué puedo ayudarle?',
  followUps: [
    'Ya lo he hecho, dos veces. Nada cambia.',
    'Funcionó un minuto y luego otra vez lo mismo.',
    'Puede escribirme a {email} o llamarme al {phone} a partir de las seis.',
    '¿En qué menú está? Solo veo «Escenas», «Alarmas» y «Ayuda».',
    '¿Puedo hablar con una persona, por favor?',
  ],
  botReplies: [
    'Gracias. ¿Qué versión aparece en Glow → Lámpara → Información?',
    'Lo he comprobado: el pedido {order} es de su cuenta, así que podemos seguir.',
    'De esto no estoy segura. Antes de adivinar, prefiero preguntar a un compañero.',
  ],
  handoff: 'La conversación ha pasado al equipo.',
  teammateReplies: [
    'Hola, {name}: soy {agent}, de Ottervale. Lo he leído todo, no hace falta que repita nada.',
    'Le he devuelto {amount}. Según el banco, tarda de tres a cinco días.',
    'El repuesto de {order} ha salido hoy.',
  ],
  notes: [
    '@Mirela, ¿puedes mirar el lote de {order}? Tercera bisagra de la semana.',
    'Llamar al {phone}, no antes de las 9.',
  ],
  thanks: ['¡Perfecto, muchas gracias!', 'Ya funciona. ¡Gracias, {agent}!', 'Vale, gracias.'],
  closings: [
    'Me alegro. Cierro la conversación; escríbanos aquí cuando quiera.',
    'De nada, {name}. ¡Que disfrute de la luz!',
  ],
  csatComments: ['Rápido y amable.', 'Tardaron, pero {agent} fue estupenda.'],
  memories: ['Prefiere el correo al teléfono.', 'Tiene tres lámparas; una está en el taller.'],
};
