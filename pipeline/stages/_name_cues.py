"""What speaks for a name, as words and patterns: what the rules of ``names`` look for."""

from __future__ import annotations

import re

HAN = "\u3400-\u9fff"
"""The Chinese characters, as a range in a regular expression."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(text: str) -> str:
    """Return an alternation of words, the longest first."""
    return "|".join(map(re.escape, sorted(text.split(), key=len, reverse=True)))


# ---------------------------------------------------------------------------------------------------------------------
# people

_SURNAME = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌苗俞任袁柳鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾"
    "路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀甄"
    "曲封储靳段焦巴谷车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶幸司黎蒲卓蔺屠蒙池乔闻党翟谭劳申冉桑桂牛边燕冀尚温庄"
    "晏柴瞿阎慕连习艾鱼向古易廖耿匡文寇广欧沃蔚越巩聂晁敖冷辛阚那简饶曾沙丰关查荆游权司竺盖益桓肖佟涂代付闫邸苑车迟"
    "楚白岳覃方马于叶巫"
)
SURNAMES = frozenset(_SURNAME)
_FAMILY = f"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|长孙|宇文|[{_SURNAME}])"
WORDY = frozenset(
    "全车常安高方金白文房项关易简向古权代包应路乐元解单连祝查党马石万雷龙季计支曾那于何益广丰师班边越付宁游温封盖"
)
"""Surnames that also begin many words: 高考, 金融, 方案."""
_NOT_GIVEN = (
    "的了们我你他她它这那是在于很都就被把吗呢吧啊什么谁哪怎网报社刊站讯闻部处科局厂司区县评话说谈型码类也还又则称曾对"
    "向并等及与或从为给让跟由以即却才会能可要想去来到着过不没有后前里上下中个时候次年月日先总"
)
_GIVEN = rf"[^\W\d_a-zA-Z{_NOT_GIVEN}]"
_SAYS = _any("""
说 说道 说过 表示 认为 指出 称 透露 告诉 介绍 坦言 回忆 解释 强调 觉得 问 问道 回答 答道 补充 提出 建议 笑道 笑着
写道 分析 判断 预计 预测 直言 感叹 发现 提醒 承认 回应 评价 反问 总结 吐槽 抱怨 主动 负责 提到 谈到 提议 拍板 补了 接着
反对 同意
""")
_BETWEEN = (
    r"(?:也|还|则|就|却|又|都|曾|曾经|随后|后来|当时|接着|对此|一直|总|常|最后|立刻|马上"
    r"|在[^，。\s]{2,8}[上中里时]|[对跟向和][^，。\s]{1,4})?"
)
_TITLES_BEFORE = _any("""
董事长 总经理 副总经理 经理 总监 副总裁 总裁 CEO CTO COO CFO 首席执行官 首席技术官 创始人 联合创始人 合伙人 分析师
研究员 工程师 架构师 记者 编辑 教授 副教授 主任 副主任 院长 副院长 局长 副局长 处长 副处长 理事长 会长 副会长 秘书长
部长 主席 校长 导演 编剧 作家 歌手 演员 主持人 设计师 程序员 作者 译者 博主 主播 专家 学者 负责人 发言人 董事 厂长
店长 组长 队长 教练 同事 同学 好友 朋友 学长 学姐 师兄 师姐 老板 产品经理 项目经理 组员 队友 网友 读者 室友 主编
店主 律师 医生 经济学家 科学家 企业家 投资人 院士 博士
""")
_TITLES_AFTER = _any("""
先生 女士 小姐 老师 教授 博士 总监 经理 主管 主任 院士 律师 医生 师傅 校长 院长 局长 处长 部长 书记 队长 厂长 店长
组长 班长 同学 同志 学长 学姐 学弟 学妹 师兄 师姐 师弟 师妹 大哥 姐姐 阿姨 叔叔 董事长
""")
SHORT_TITLES = "总工董姐哥导"
"""After a surname: 王总, 李工."""
FULL_NAME = re.compile(f"{_FAMILY}{_GIVEN}{{1,2}}$")
TAGGED_NAME = re.compile(f"{_FAMILY}[^的了们我你他她它这那是很都就被吗呢吧啊么]{{1,2}}$")
"""Of what the tagger takes for a name, more may be one."""
_AFTER_NAME = (
    r"(?=[，。、；：:！？!?“”（()）)\s《」』]|$|[的和与是在对向把被跟给让将不没用做写帮带会要已刚正再很也还则就曾都]|以及|等"
    rf"|{_BETWEEN}(?:{_SAYS}))"
)
NAME_ENDS = re.compile(_AFTER_NAME)
KIN = re.compile("学长|学姐|学弟|学妹|姐姐|哥哥|师兄|师姐|老师|同学|阿姨|叔叔")
"""After a given name alone."""
FAMILIAR = re.compile(f"[老小阿][{_SURNAME}]")
NOT_FAMILIAR = _words("""
小时 小于 小方 小白 小米 小麦 小康 小马 小毛 小金 小龙 小高 小程 小江 小石 小孔 小雷 小车 小班 小包 小文 小单 小边
小何 小解 小全 小安 小路 小项 小党 小温 小关 小荷 小季 小武 小宁 小游 小房 小鱼 小牛 小谷 小沙 小巴 小池 小贾 小封
小幸 老方 老石 老金 老庄 老车 老单 老房 老边 老何 老路 老鱼 老牛 老巴 老班 老全 老解 老关 老温 老应 小应 小曲 老曲
小花 小说 小段 小梅 小景 小宫 小荣 小乐 老幸 小司 老司 小管 老管 老师 小师 阿里 老广 小广 小厉 小申 小束 小丰 小益
小简 老简 小越 阿段 阿万 小权 小查 老查 小盖
""")
"""What looks like 小李 and is a word, or too often one."""
WITH = re.compile("(?:[和跟与找让叫问请由给把被是]|同事|朋友|[感谢]谢|，|。|：|“)$")
"""Before somebody."""
# Characters that foreign names are written with
_SOUND = (
    "阿埃艾爱安昂奥澳巴白班邦保鲍贝本比彼别宾波博伯勃布采查昌楚茨次达戴丹当道德登邓狄迪蒂丁杜顿多恩尔法凡范菲费芬丰冯"
    "弗夫福富盖冈高戈哥格葛根古瓜圭哈海汉豪赫黑亨洪胡华怀惠霍基吉加佳嘉贾简杰金津卡凯坎康考柯科可克肯库夸奎昆拉莱赖兰"
    "朗劳勒雷蕾里理利莉丽力立连廉列林琳龙卢鲁露伦罗洛马玛迈麦曼芒毛梅门蒙米密敏明缪莫默姆木穆纳娜南内尼妮涅宁牛纽农努"
    "诺欧帕潘庞培佩彭皮珀平蒲普奇契恰强乔切琴丘让热日荣茹瑞若萨塞赛桑瑟森莎沙尚舍申圣施什史舒斯司丝苏索所塔泰坦汤唐陶"
    "特藤提汀廷通图托瓦万旺威韦维魏温文翁沃乌伍武西希锡夏香肖谢欣辛兴休许逊雅亚延扬耶叶伊依易因英尤于约泽扎詹珍朱祖佐"
    "尊兹孜"
)
DOTS = "·•・‧"
FOREIGN = re.compile(f"[{_SOUND}]{{1,7}}(?:[{DOTS}][{_SOUND}]{{1,7}}){{1,3}}")
FOREIGN_SAYS = re.compile(rf"(?<=[{HAN}，。“「：\n])[{_SOUND}]{{3,6}}(?={_BETWEEN}(?:{_SAYS}))")
PEOPLE_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?){_AFTER_NAME}")
FOREIGN_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>[{_SOUND}]{{3,6}}){_AFTER_NAME}")
PEOPLE_WHO_SAY = re.compile(f"(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?)(?={_BETWEEN}(?:{_SAYS}))")
RUNS_ON = frozenset("用说在和做去来写把被给带让是有到问")
"""What the tagger takes for the last character of a name, and goes on with the sentence."""
# Written out, since a search for literals alone skips to what one of them begins with
WITH_TITLE = re.compile(f"{_TITLES_AFTER}|{'|'.join(SHORT_TITLES)}")
AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})$")
WORK_BY = re.compile(r"的?[《「]")
GREETED = re.compile(r"(?:[感谢]谢|[、,，和与跟受由请给]|还有|朋友|同学|博主|同事|作者)\s?$")
NO_PERSON = frozenset("镇村乡县市路街桥山河湖岛湾庄屯寺庙宫园楼店馆院厂站科室组班队汤面饭菜茶酒之堂词网")
"""What looks like a name of three characters ends in, and is none: 柳林镇, 鱼丸汤."""
HANDLE = re.compile(r"(?<![\w.@/])@(?P<name>[a-z][A-Za-z0-9_-]{2,20})(?![\w@]|\.[a-z])")

# ---------------------------------------------------------------------------------------------------------------------
# works

WORK = re.compile(r"《(?P<name>[^《》\n]{1,40})》")
LED_WORK = re.compile(
    r"(?:电影|小说|书|歌|歌曲|游戏|剧|电视剧|纪录片|动画|漫画|专辑|节目|综艺|播客)[「“](?P<name>[^「」“”\n]{2,20})[」”]"
    r"|的[「](?P<song>[^「」\n]{2,20})[」]"
)
PAPER = re.compile(
    r"(?:通知|规定|办法|规则|细则|意见|条例|合同|协议|公告|函|法|法案|通报|批复|方案|决定|通知书|议案|预案|申请|申请书|计划书"
    r"|说明书|章程|标准|纲要|流程|制度|操作手册|报告|总结|复盘|纪要|周报|月报|年报|模板|须知|指引|守则|准则|问卷|倡议书|草案"
    r"|声明|承诺书|清单|表)$|^(?:关于|致)|^\d{1,4}$"
)
"""A title in 《》 that is no work's."""

# ---------------------------------------------------------------------------------------------------------------------
# organisations

_LEGAL = "有限责任公司 股份有限公司 有限公司 分公司 公司 集团"
_BODIES = """
大学 学院 医院 协会 学会 委员会 研究院 研究所 研究中心 交易所 法院 检察院 博物馆 图书馆 出版社 电视台 广播电台 日报
晚报 时报 周刊 银行 基金会 联合会 商会 中学 实验室 管理局 监管局 发展局 总局 教育局 公安局 工作室 事务所 通讯社
俱乐部 科技园 邮报
"""
_TRADES = """
科技 证券 投资 资本 基金 期货 保险 制药 药业 医药 生化 生物 能源 电子 股份 传媒 网络 地产 置业 物流 电商 咨询 资讯
卫浴 地板 空调 汽车 乳业 食品 服饰 家居 重工 化工 钢铁 石化 煤业 电气 电器 软件 通信 信息 数码 影业 娱乐 管理 半导体
教育 航空 光电 材料 陶瓷 酒业 控股 实业 快递
"""
LEGAL, BODIES, TRADES = _words(_LEGAL), _words(_BODIES), _words(_TRADES)
SUFFIX = re.compile(f"{_any(_LEGAL)}|{_any(_BODIES)}|{_any(_TRADES)}")
LIMITED = _words("有限公司 有限责任公司 股份有限公司")
OF_PLACES = _words("大学 日报 晚报 银行 电视台")
"""Names with a place alone: 北京大学."""
GENERIC = _words("""
上市 互联网 创业 大型 小型 中小 国内 国外 外国 跨国 本地 当地 第三方 外包 母 子 总 分 老 新 大 小 原 前 该 本 我司
客户 同行 行业 知名 著名 外资 合资 民营 国有 国企 私营 控股 全资 软件 游戏 广告 咨询 投资 保险 证券 信托 物流 快递
基金 科技 技术 服务 供应商 合作 竞争 品牌 名牌 地产 房地产 汽车 公关 运营 设计 电商 媒体 传统 初创 独角兽 头部 龙头
关联 目标 明星 重点 双一流 理工 综合 师范 独立 远程 开放 下属 旗下 所属 隶属 相关 其他 其它 部分 多数 大多数 许多
各大 两家 数家 主体 项目 母校 名校 高校 世界 全球 国际 亚洲 欧洲 西方 人工智能 数据 资产 管理 平台 开发 制造 生产
销售 贸易 代理 中介 经纪 租赁 建筑 装修 装饰 培训 教育 医疗 医药 能源 电力 通信 网络 企业 商业 股份 有限 责任 私募
公募 主权 对冲 指数 天使 创投 风险 政策性 商业性 地方 中央 村镇 城市 网上 手机 个人 学生 老师 员工 老板 领导 朋友
同学 部门 文旅 小贷 公交 后勤 音乐 儿童 团队 子公司 分公司 总公司 母公司 上市公司 公司 集团 今年 去年 明年
早期 全部 一线 二线 三甲 社区 专科 私立
公立 附属 驻场 研究 国家 省级 市级 无线 移动 社交 虚拟 直播 短视频 计算机 系统 信息 安全 软硬件 软件开发 应用 智能
高新 高科技 低科技 黑科技 新科技 金融科技 生物科技 尖端 前沿 现代 信息技术 核心 中国 美国 我国 日本 德国 欧美 海外
英国 韩国 法国 全国 北京 上海 深圳 广州 硅谷
""")
"""What makes no name with a suffix: 上市公司, 互联网公司."""
PLACES = _words("中国 国家 全国 国际 世界 美国 英国 日本 德国 法国 韩国 我国 亚洲 欧洲 全球 海外 国内")
COUNTRIES = _words("""
美国 英国 法国 德国 日本 韩国 瑞典 瑞士 荷兰 意大利 西班牙 加拿大 俄罗斯 印度 以色列 丹麦 芬兰 挪威 新加坡 澳大利亚
""")
"""Where a firm is from, rather than part of its name: 德国西门子."""
PARTS = frozenset("器机料件板品")
"""What a thing that a firm makes ends in, rather than its name."""
ORG_AFTER = re.compile(
    r"公司|集团|官方|官网|旗下|发布|宣布|推出|公告|回应|的?股价|股票|财报|总部|上市|董事|总裁|创始人|C[ETOF]O|总经理|首席"
    r"|分析师|相关人士|有关负责人|一?负责人|发言人|表示|指出|认为|预计|称|监测|持有|收购|研发|研究报告|报告指出|[(（]行情"
    r"|的?(?:任何|所有|最新|新)?(?:软件|电脑|手机|员工|高管|股东|供应商|工程师|研究报告|产品|用户)"
)
ORG_BEFORE = re.compile(
    r"(?:收购|并购|入股|投资了?|控股|加入|入职|离开|跳槽到|供应商|子公司|竞争对手|对手|合作伙伴|客户|甲方|乙方|公司|企业|如|像"
    r"|包括|与|和|在)$"
)
BOUGHT = re.compile(r"(?:收购|并购|入股|子公司)$")
FIRM_AFTER = re.compile(
    r"公司|集团|官方|官网|旗下|宣布|推出|公告|的?股价|股票|财报|总部|上市|创始人|C[ETOF]O|发布会|手机|笔记本|平板|系统"
    r"|的?(?:任何|所有|最新|新)?(?:软件|电脑|员工|高管|股东|供应商|工程师)"
)
"""After a firm whose name is a common word."""
LEARNT = frozenset("了用怎如去着")
NO_NAME = frozenset("是某有本归由这那该各每其我你他")
"""Of the sentence rather than of a name: 账是公司的."""
ABROAD = re.compile("(?:中国|大中华区|亚太)(?=有关|公司|总裁|董事|负责人|CEO|总经理|表示|宣布)")
ORG_ROLE = re.compile("分析师|负责人|董事长|总经理|创始人|总裁|发言人|首席执行官|理事长|技术团队|相关人士|代理商")
QUALIFIED = re.compile("(?:市场|首席|高级|资深|有关|相关|董事|副|一位|一名|一|技术|产品){1,4}$")

# ---------------------------------------------------------------------------------------------------------------------
# things

THING_AFTER = re.compile(
    r"\s?(?:系统|框架|[Aa]pp|APP|平台|小程序|软件|工具|插件|服务器|客户端|浏览器|数据库|编程语言|语言|编辑器|网站|网|库|引擎"
    r"|操作系统|模型|游戏|机器人|处理器|手机|版本|项目|的?智能体|渲染器|主题|组件|集群|命令|编译器|虚拟机|芯片|相机|平板|耳机"
    r"|输入法|公众号|专栏|官网|官方|文档|社区|团队|作者)"
)
APP_BEFORE = re.compile("(?:打开|下载|安装|登录|注册|刷|玩|上架|入驻)$")
GOES_ON = frozenset("群号店版公网系圈端上里")
"""After a name of two characters within one word: 微信号."""
THING_BEFORE = re.compile(
    r"(?:使用|采用|安装|下载|叫|叫做|名为|称为|名叫|迁移到|迁到|换成|换到|借助|接入|引入|升级到|搭建|部署|打开|注册|玩|试用"
    r"|学习|接触|卸载|集成|转向|替换|基于|用|通过|运行|支持|推荐|出品的?)\s?[“「\"]?$"
)
CODE_BESIDE = re.compile(
    r"\s?(?:方法|函数|类(?=[，。、的中里（]|$)|接口|参数|字段|变量|事件|对象|属性|指令|类型|关键字|选项|标签|语句|错误|异常"
    r"|按钮|键(?!盘)|配置项|值(?!得)|节点|线程|协议|格式|标准|算法|模式|策略|机制|规范|许可证|证书|签证|考试|分数|课程|请求|响应"
    r"|状态|操作|接头|操作符|目录|文件|包(?=[，。、的中里（]|$)|逻辑|特性|性能|概念|团队|角色|权限|阶段)"
)
"""After a Latin word that is part of a program, not one."""
GLOSS = re.compile(
    r"[（(]\s?(?:以下简称|下称|简称|以下称|又称|又名|英文名|英文)?[:：为]?[“「\"]?"
    r"(?P<name>[A-Za-z][A-Za-z0-9 .&+-]{1,30}|[^（()），,。\s“”「」\"]{2,12})[”」\"]?\s?[)）]"
)
SHORT_FOR = re.compile(r"简称|下称|以下称|又称|又名")
CALLED = re.compile(
    r"(?:叫做?|名叫|名为|称作)\s?[“「《\"]?"
    r"(?P<name>[A-Za-z][A-Za-z0-9.+_-]{1,20}(?: [A-Z][A-Za-z0-9.]{1,15}){0,2}|[^\W\d_a-zA-Z的了]{2,8})"
    r"[”」》\"]?\s?的(?:[^，。；！？\n的]{0,6})"
    r"(?P<what>人|朋友|同事|同学|女孩|男孩|老师|网友|读者|女生|男生|小伙|工程师|游戏|软件|应用|App|APP|产品|工具|网站|平台|项目"
    r"|系统|小程序|公众号|库|框架|插件|组件|编辑器|浏览器|程序|服务|机器人|公司|团队|工作室|机构|组织|管理器)"
)
PEOPLE_WORDS = _words("人 朋友 同事 同学 女孩 男孩 老师 网友 读者 女生 男生 小伙 工程师")
ORG_WORDS = _words("公司 团队 工作室 机构 组织")
CLAUSE = re.compile(r"[^，,。；;：:！？!?“”（）()\n]{5,400}")
LIST_ENDS = re.compile(r"[等三四五六七八九两]|之类|这|的")
JOINED = re.compile(r"\s?(?:[、/和与跟]|以及|或|还是)\s?")

# ---------------------------------------------------------------------------------------------------------------------
# Latin

ADDRESS = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+"
    r"|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,60}\.[A-Za-z0-9.-]{1,60}"
)
_ATOM = r"\.?[A-Za-z](?:[A-Za-z0-9]|['&_.·-](?=[A-Za-z0-9]))*(?:\+\+|#)?"
RUN = re.compile(rf"(?<![A-Za-z0-9_\\$%@.<-]){_ATOM}(?: (?:{_ATOM}|\d[\d.]*[A-Za-z]*))*", re.ASCII)
PIECE = re.compile(r"[^ ]+")
FILE = re.compile(
    r"\.(?:asm|php|ini|json|ya?ml|xml|html?|css|jsx?|tsx?|py|rb|sh|md|txt|pdf|docx?|xlsx?|png|jpe?g|gif|svg|c|h|cpp|java|go|rs"
    r"|lock|conf|cfg|log|exe|dll|zip|gz|jar|sql|csv)$"
)
ADDRESS_END = re.compile(r"\.(?:com|io|cn|net|org|ai|me|js)$")
CAMEL = re.compile(r"[A-Z][A-Z0-9]*[a-z][a-z0-9]*[A-Z]|[A-Z]{2,}[a-z]|i[A-Z][a-z]+$|[A-Z][a-z]+[-.]?[A-Z0-9]")
VERSION = re.compile(r"\d|[A-Za-z]{1,2}\d[\d.]*[a-z]?$")
"""V2.0, R32, F6: of things that are called so within one text only."""
SMALL_CAMEL = re.compile(r"[ie][A-Z][a-z]+$")
ENGLISH = re.compile(
    r"(?:ing|tion|sion|ment|ness|ity|able|ible|ally|ive|ous|ed|ers?|ors?|ism|ists?|ful|less|ency|ance|ence|ture|ages?|ics?|als?"
    r"|ates?|ies|ets?|ly|files?|logs?)$"
)
"""Endings of English words, which are terms (Planner, Streaming) more often than names."""
HUMP = re.compile(r"[A-Z][a-z]+")
PROGRAM = re.compile(
    r"(?:Set|Map|List|Error|Exception|Loaded|Type|Id|ID|Manager|Service|Client|Server|API|SDK|Name|Size|Node|Key|TSO|Factory|Handler"
    r"|Listener|Config|Context|Builder|Controller|Provider|Utils?|Helper|Info|Data|Value|View|Event|Token|Options?|Request|Response"
    r"|Thread|Pool|Queues?|Bean|Class|Age|Buffer|Cgroup|Channel|Machine|Loader|Actor|Runs|Object|Array|Model|Test|State|Store|Interface|Impl|Module|file|PC|GUI|UI|URL|Agent)$"
)
"""Endings of words of a program's text (StatefulSet)."""
BODY_END = re.compile(
    r"(?:Labs?|Soft|Tech|Corp|Inc\.?|Group|Bank|Capital|Ventures|Partners|Studios?|University|Foundation|Institute)$"
)
BODY_AFTER = re.compile(r"\s?(?:公司|集团|分析师|指出|宣布|旗下|创始人|CEO|基金会|银行|大学|总部|股价|调查|发布的)")
NUMBER = re.compile(
    r"(?: ?-?[A-Za-z]{0,2}\d{1,5}[A-Za-z]{0,2}| [A-Z]\d{2,4}[A-Za-z]{0,2})(?![\dA-Za-z%％]|[.．]\d)"
    r"(?: ?(?:Pro|Max|Plus|Ultra|Lite|Mini|mini|Air|SE)(?![A-Za-z])| \d{4}[A-Z]{1,2}(?![A-Za-z]))*"
)
"""The number of a model, with what may stand before and after it."""
SERIES = re.compile(
    r" ?[A-Z][A-Za-z]{1,8}(?: [A-Z][a-z]{2,6})? ?\d{1,3}(?![\dA-Za-z%％]|[.．]\d)(?: (?:Pro|Max|Plus|Ultra))*"
)
"""A series with its number, after a brand: Mate 40."""
UNITS = re.compile(
    r"\s?[年月日号时点分秒周天个人名位家台部款件只条次起项套岁度倍元块万亿千百米吨克升斤层楼章节期届代种批轮组例折成多余后前以至到比版股]"
)
FIRST_NAMES = _words("""
Aaron Adam Alan Albert Alex Alexander Alice Amy Andrew Andy Angela Anna Anne Anthony Ben Benjamin Bill Bob Brian
Bruce Carl Caroline Catherine Charlie Chris Christina Christopher Cindy Claire Clara Coco Dan Daniel Dave David
Dennis Diana Donald Doug Dustin Ed Eddie Edward Elena Elizabeth Ellen Emily Emma Eric Erik Eugene Eva Evan Fiona
Francis Frank Fred Gary George Grace Greg Guido Hank Harry Helen Henry Howard Ian Ivan Ivy Jack Jacob James Jane
Jason Jay Jeff Jeffrey Jennifer Jenny Jeremy Jerry Jessica Jim Jimmy Joan Joe Joel John Johnny Jonathan Jordan
Joseph Josh Joshua Joyce Judy Julia Julian Karen Karl Kate Katherine Keith Kelly Ken Kenneth Kevin Kim Kyle Larry
Laura Lauren Leo Leon Leslie Lily Linda Lisa Louis Lucas Lucy Luke Maggie Marc Marcus Margaret Maria Marie Mark
Martin Mary Matt Matthew Max Megan Melissa Michael Michelle Mike Mona Nancy Nathan Neil Nicholas Nick Nicole Nina
Nora Oliver Oscar Pamela Patrick Paul Peter Phil Philip Rachel Ralph Ray Rebecca Richard Rick Rob Robert Robin Roger
Ron Rose Roy Russell Ryan Sally Sam Samuel Sandra Sandy Sarah Scott Sean Sharon Simon Sophia Sophie Stanley Stella
Stephen Steve Steven Sue Susan Taylor Ted Teresa Terry Theo Thomas Tiffany Tim Timothy Tina Toby Todd Tom Tommy Tony
Tracy Vera Victor Victoria Vincent Vivian Walter Wendy William Winnie Zach Zoe
""")
PERSON_SAYS = re.compile(
    rf"\s?{_BETWEEN}(?:说|问|笑|告诉|回复|回答|觉得|收到|提醒|建议|跟我|对我|表示|认为|指出|不得不)"
)
SPEAKS = re.compile(r"\s?(?:说|问|笑|告诉)")
PERSON_AFTER = re.compile(rf"\s?(?:{_TITLES_AFTER})")
PERSON_BEFORE = re.compile(rf"(?:{_TITLES_BEFORE}|我和|我跟|我问|问了|找到?|请|让|由|感谢)\s?$")
