"""The words of titles: which attempt, which kind, which method, and what the project is called without them.

Only words are read here; what a row states in a column of its own always goes first.
"""

import re

_NUMBER = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ROUND = r"([0-9]{1,2}|[一二三四五六七八九十])"
_ATTEMPT = re.compile(rf"第\s*{_ROUND}\s*次(?:公开)?(?:招标|采购|询比|询价|比选|谈判|磋商|挂牌|拍卖)")
_BRACKET = re.compile(rf"(?<!公告)(?<!公示)(?<!更正)(?<!变更)(?<!澄清)[（(]\s*(?:第\s*)?{_ROUND}\s*次\s*[)）]")
_SECOND = re.compile(r"二次(?:招标|采购|询比|询价)|重新(?:招标|采购|询比|询价|公开询比)")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
_PLACE_TAG = re.compile(r"^\s*\[[^\[\]]{1,20}\]")
_TAIL_TAG = re.compile(r"\s*(?:\[[^\[\]]{2,30}(?:公示|公告|变更|次)[^\[\]]{0,12}\]|[（(]网[)）])\s*$")
_CODE_TAG = re.compile(r"[（(【]?\s*(?:项目|采购|招标)编号\s*[:：]\s*([A-Za-z0-9（）()〔〕\[\]_./-]{4,60}?)\s*[)）】]")
_NOTICE_WORDS = (
    "政府采购|公开招标|竞争性谈判|竞争性磋商|电子化|邀请招标|单一来源|直接采购|公开询比|询比|比选|询价|竞价|招标|采购|"
    "中标候选人|成交候选人|候选人|中标|成交|结果|合同|废标|流标|失败|终止|暂停|恢复|更正|变更|澄清|信息|验收|计划|"
    "资格预审|文件|提前|意见|征求|征集|需求|预"
)
_TAIL = re.compile(
    rf"[-—_－\s]*(?:的)?(?:{_NOTICE_WORDS})*(?:公告|公示|澄清文件|招标文件)"
    rf"(?:(?:更正|第{_ROUND}次)?(?:公告|公示|变更)|[【（(][^】)）]{{1,12}}[】)）]|变更|更正)*\s*$"
)
_ABOUT = re.compile(r"^(?:.{2,40}(?:公司|中心|院|局))?关于(?=.{6})")
_ROUND_TAIL = re.compile(rf"[（(]?第\s*{_ROUND}\s*次(?:公示|招标|公告)[)）]?\s*$|[（(]二次[)）]\s*$")

_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"废标|流标|(?:采购|询比|询价|招标|比选|项目)?失败(?:公告|公示)"), "failure"),
    (re.compile(r"终止(?:招标|采购|交易)?(?:的)?(?:公告|公示)|终止$"), "termination"),
    (re.compile(r"暂停(?:公告|公示)"), "suspension"),
    (re.compile(r"恢复(?:交易|招标|采购)?(?:公告|公示)"), "resumption"),
)
_CORRECTION = re.compile(
    r"(?:更正|变更|澄清)(?:[（(][^)）]{0,6}[)）])?(?:公告|公示|文件|答疑)|公告[】（(【\[]?(?:更正|变更)|澄清更正"
)
_CANDIDATES = re.compile(r"候选(?:人|供应商)")
_METHODS: tuple[tuple[str, str], ...] = (
    ("竞争性谈判", "negotiation"),
    ("谈判", "negotiation"),
    ("竞争性磋商", "consultation"),
    ("磋商", "consultation"),
    ("单一来源", "single_source"),
    ("直接采购", "single_source"),
    ("框架协议", "framework"),
    ("邀请招标", "invited"),
    ("询价", "inquiry"),
    ("询比", "inquiry"),
    ("比选", "inquiry"),
    ("竞价", "online_bidding"),
    ("挂牌", "listing"),
    ("拍卖", "auction"),
    ("招标出让", "tender"),
    ("划拨", "allocation"),
    ("协议", "agreement"),
    ("公开招标", "open"),
    ("招标公告", "open"),
)


def plain_title(title: str) -> str:
    return _TAGS.sub("", title).strip()


def attempt_of(*texts: str) -> int:
    """第2次招标, （第二次）, 重新招标, a section code ending in (2); 1 when nothing says otherwise."""
    for text in texts:
        found = _ATTEMPT.search(text) or _BRACKET.search(text)
        if found:
            word = found.group(1)
            return max(1, _NUMBER[word] if word in _NUMBER else int(word))
        code = re.search(r"-\d{2}\((\d{1,2})\)$", text)
        if code:
            return max(1, int(code.group(1)))
    return 2 if any(_SECOND.search(text) for text in texts) else 1


def project_name(title: str) -> str:
    """The project's own name: without place tags, numbers of attempts and publications, and words of the notice."""
    name = _CODE_TAG.sub("", _PLACE_TAG.sub("", plain_title(title)))
    for _ in range(5):
        shorter = _TAIL_TAG.sub("", name)
        shorter = _ROUND_TAIL.sub("", _TAIL.sub("", shorter)).rstrip(" -—_－的（(")
        if shorter == name or len(shorter) < 4:
            break
        name = shorter
    shorter = _ABOUT.sub("", name)
    return _balanced(shorter if len(shorter) >= 4 else name) or plain_title(title)


def _balanced(name: str) -> str:
    opened = max(name.rfind("（"), name.rfind("("))
    closed = max(name.rfind("）"), name.rfind(")"))
    return name + ("）" if name[opened] == "（" else ")") if opened > closed else name


def code_in(title: str) -> str | None:
    found = _CODE_TAG.search(title)
    return found.group(1) if found else None


def ending_in(title: str) -> str | None:
    """failure, termination, suspension or resumption when the title says so."""
    return next((kind for pattern, kind in _ENDINGS if pattern.search(title)), None)


def is_correction(title: str) -> bool:
    return bool(_CORRECTION.search(title))


def names_candidates(title: str) -> bool:
    return bool(_CANDIDATES.search(title))


def method_in(*texts: str) -> str | None:
    return next((code for text in texts for word, code in _METHODS if word in text), None)
