import type { Phrases } from './declare.ts';

export const tr: Phrases = {
  language: 'tr',
  locale: 'tr-TR',
  namePattern: '{given} {family}',
  givenNames: [
    ['İpek', 'ipek'],
    ['Işıl', 'isil'],
    ['Çağrı', 'cagri'],
    ['Gökçe', 'gokce'],
    ['Tuğba', 'tugba'],
    ['Şükrü', 'sukru'],
    ['Ümit', 'umit'],
    ['Doğan', 'dogan'],
  ],
  familyNames: ['Yıldırım', 'İnceoğlu', 'Çığır', 'Öztaş', 'Kırımlı', 'Şenöz', 'Güneşli', 'Aydınlık'],
  topics: {
    pairing: {
      subject: 'Lamba uygulamaya bağlanmıyor',
      questions: [
        'Merhaba, {product} mavi yanıp sönüyor ama Glow uygulaması onu bulamıyor. Üç kez denedim.',
        'Yeni telefon aldım. Sahnelerimi kaybetmeden {product} lambamı nasıl yeniden eşleştiririm?',
      ],
      answer:
        'Lütfen düğmeyi ışık mavi nabız gibi atana kadar beş saniye basılı tutun, sonra Glow → Lamba ekle bölümünü açın. Bluetooth ve konum açık olmalı. Sahneleriniz hesabınızda kalır.',
    },
    delivery: {
      subject: '{order} numaralı sipariş nerede?',
      questions: [
        'Dokuz gün önce {product} sipariş ettim ({order}), takip sayfası salıdan beri değişmedi.',
        '{order} hafta sonundan önce gelir mi? Doğum günü hediyesi.',
      ],
      answer:
        '{order} depomuzdan çıktı ve kargoda. Genellikle iki ile dört iş günü sürer; takip bilgisi günde bir kez, akşamları yenilenir.',
    },
    invoice: {
      subject: 'İki kez ödeme alındı: {amount}',
      questions: [
        '{plan} için kartımdan iki kez {amount} çekildi. Tek aboneliğim var, birini iade eder misiniz?',
        '{order} için şirket adına {amount} tutarında fatura istiyorum.',
      ],
      answer:
        'İki kayıttan biri yalnızca provizyondur; bankanız beş gün içinde kaldırır. Tüm faturalar Glow → Hesap → Ödemeler bölümündedir.',
    },
    flicker: {
      subject: 'Düşük parlaklıkta ışık titriyor',
      questions: [
        'Yüzde onun altında {product} titriyor. Akşamları başım ağrıyor.',
        'Son güncellemeden beri kısarken sıcak tonlar titriyor. Bilinen bir sorun mu?',
      ],
      answer:
        'Bu, 4.2 sürümünde düzeltildi. Lambayı prizde bırakın, Glow → Lamba → Güncelle bölümünü açın ve telefonu yaklaşık altı dakika yanında tutun.',
    },
    cancel: {
      subject: '{plan} iptali',
      questions: [
        '{plan} aboneliğini nasıl iptal ederim? Düğmeyi hiçbir yerde bulamıyorum.',
        '{plan} ay sonunda bitsin istiyorum. Gün doğumu alarmlarıma ne olacak?',
      ],
      answer:
        'Glow → Hesap → Plan → Bitir bölümünden iptal edebilirsiniz. {plan} ödenen sürenin sonuna kadar açık kalır; kurulu alarmlar çalışmaya devam eder.',
    },
    warranty: {
      subject: '{product} mafsalı gevşek',
      questions: [
        '{product} lambamın mafsalı artık kolu tutmuyor. On bir aylık. Garantiye girer mi?',
        'Kutuda küçük bir vida eksik. Yalnızca vidayı gönderebilir misiniz?',
      ],
      answer:
        'Tüm hareketli parçalar üç yıl garantilidir. Mafsalın ve tabandaki etiketin fotoğrafını gönderin, size yedek parça takımı yollayalım.',
    },
  },
  greeting: 'Merhaba! Ben Ember, Ottervale asistanıyım. Nasıl yardımcı olabilirim?',
  followUps: [
    'Bunu iki kez denedim, değişen bir şey yok.',
    'Bir dakika çalıştı, sonra yine aynı.',
    'Bana {email} adresinden ya da altıdan sonra {phone} numarasından ulaşabilirsiniz.',
    'Bu hangi menüde? Yalnızca “Sahneler”, “Alarmlar” ve “Yardım” görüyorum.',
    'Bir insanla görüşebilir miyim lütfen?',
  ],
  botReplies: [
    'Teşekkürler. Glow → Lamba → Hakkında bölümünde hangi sürüm yazıyor?',
    'Baktım: {order} sizin hesabınıza ait, devam edebiliriz.',
    'Bundan emin değilim. Tahmin etmektense bir arkadaşıma sormayı tercih ederim.',
  ],
  handoff: 'Görüşme ekibe aktarıldı.',
  teammateReplies: [
    'Merhaba {name}, ben Ottervale’den {agent}. Hepsini okudum, hiçbir şeyi tekrarlamanıza gerek yok.',
    '{amount} iade ettim. Bankaya göre üç ile beş gün sürer.',
    '{order} için yedek parça bugün yola çıktı.',
  ],
  notes: [
    '@Mirela, {order} partisine bakar mısın? Bu hafta üçüncü gevşek mafsal.',
    'Geri aranacak: {phone}, 9’dan önce değil.',
  ],
  thanks: ['Harika, çok teşekkürler!', 'Şimdi oldu. Sağ ol {agent}!', 'Tamam, teşekkürler.'],
  closings: [
    'Sevindim. Görüşmeyi kapatıyorum; ihtiyaç olursa buraya yazın.',
    'Rica ederim {name}. Işığın keyfini çıkarın!',
  ],
  csatComments: ['Hızlı ve nazik.', 'Biraz uzun sürdü ama {agent} çok yardımcı oldu.'],
  memories: ['Kısa yanıtları tercih ediyor.', 'Üç lambası var, biri atölyede.'],
};
