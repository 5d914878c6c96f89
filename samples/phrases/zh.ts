import type { Phrases } from './declare.ts';

export const zh: Phrases = {
  language: 'zh',
  locale: 'zh-CN',
  namePattern: '{family}{given}',
  givenNames: [
    ['晓明', 'xiaoming'],
    ['雨桐', 'yutong'],
    ['建国', 'jianguo'],
    ['思远', 'siyuan'],
    ['丽华', 'lihua'],
    ['梓涵', 'zihan'],
    ['一诺', 'yinuo'],
    ['浩然', 'haoran'],
  ],
  familyNames: ['欧阳', '李', '诸葛', '陈', '司马', '林', '黄', '郑'],
  topics: {
    pairing: {
      subject: '台灯连不上应用',
      questions: [
        '你好，我的{product}一直闪蓝灯，但是 Glow 应用找不到它。我已经试了三次。',
        '我换了新手机。怎么重新配对{product}，又不丢失我的场景？',
      ],
      answer:
        '请按住旋钮五秒，直到蓝光缓缓明暗变化，然后打开 Glow →“添加台灯”。配对时蓝牙和定位都要打开。您的场景保存在账户里，不会丢失。',
    },
    delivery: {
      subject: '订单{order}到哪里了？',
      questions: [
        '我九天前订了一台{product}（订单{order}），物流从星期二起就没有更新。',
        '{order}能在周末之前送到吗？这是生日礼物。',
      ],
      answer: '订单{order}已经离开仓库，正在运输途中。一般需要两到四个工作日；物流信息每天晚上更新一次。',
    },
    invoice: {
      subject: '重复扣款：{amount}',
      questions: [
        '{plan}扣了我两次{amount}，可我只有一个订阅。请退还一次。',
        '订单{order}需要开公司抬头的发票，金额{amount}。',
      ],
      answer: '其中一笔只是预授权，银行会在五天内释放。所有发票都可以在 Glow →“账户”→“账单”中下载。',
    },
    flicker: {
      subject: '亮度低时灯光闪烁',
      questions: [
        '亮度低于百分之十时，我的{product}会闪烁，晚上看得头疼。',
        '上次更新以后，调暗暖光时会闪一下。这是已知问题吗？',
      ],
      answer: '这个问题在 4.2 版中已经修复。请保持通电，打开 Glow →“台灯”→“更新”，手机放在旁边大约六分钟。',
    },
    cancel: {
      subject: '取消{plan}',
      questions: ['怎么取消{plan}？我到处都找不到按钮。', '请在月底结束我的{plan}。我的日出闹钟会怎么样？'],
      answer:
        '请在 Glow →“账户”→“套餐”→“结束”中取消。{plan}在已付费的期限内仍然有效，已设置的闹钟会继续工作。',
    },
    warranty: {
      subject: '{product}的关节松了',
      questions: [
        '我的{product}关节撑不住灯臂了，才用了十一个月。在保修范围内吗？',
        '盒子里少了一颗小螺丝。可以只寄一颗螺丝给我吗？',
      ],
      answer: '所有活动部件保修三年。请发来关节和底座标签的照片，我们会寄出维修套件，台灯不用寄回。',
    },
  },
  greeting: '您好！我是 Ottervale 的助手 Ember。请问有什么可以帮您？',
  followUps: [
    '我试过两次了，没有变化。',
    '好了一分钟，然后又一样了。',
    '可以写信到{email}，六点以后也可以打{phone}。',
    '在哪个菜单里？我只看到“场景”、“闹钟”和“帮助”。',
    '可以转人工吗？',
  ],
  botReplies: [
    '谢谢。请问 Glow →“台灯”→“关于”里显示的是哪个版本？',
    '我查到了：订单{order}属于您的账户，我们可以继续。',
    '这一点我不确定。与其猜测，不如让我问一下同事。',
  ],
  handoff: '会话已转交给团队。',
  teammateReplies: [
    '{name}，您好，我是 Ottervale 的{agent}。前面的内容我都看过了，您不用再重复。',
    '我已经退还{amount}，视银行而定，三到五天到账。',
    '{order}的替换件今天已经寄出。',
  ],
  notes: ['@Mirela 请检查{order}的批次。这是本周第三个松动的关节。', '回电：{phone}，九点以后。'],
  thanks: ['太好了，谢谢！', '现在可以了。谢谢{agent}!', '好的，谢谢。'],
  closings: ['很高兴能帮到您。我先结束会话，有需要随时再写。', '不客气，{name}。祝您用得愉快！'],
  csatComments: ['又快又友好。', '等得有点久，但是{agent}很棒。'],
  memories: ['喜欢简短的回答。', '有三台灯，其中一台在书房。'],
};
