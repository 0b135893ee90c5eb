"""The invented people of the invented city: organisations with valid check digits, subjects of trade, words for bodies.

Everything comes from the seed; nobody and nothing here exists. Not for dates (`days`) and not for stages (`scripts`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tradehall.kernel.identifiers import compute_organisation_check, compute_uscc_check
from tradehall.tenders.reports import Named

DISTRICTS = {
    "990199": "市本级", "990101": "云湖区", "990102": "临港区", "990103": "新河区",
    "990104": "东浦区", "990105": "南塘区", "990106": "古城区",
}  # fmt: skip
SYSTEMS = {
    "works": ("CZGC", "澄州市建设工程交易系统（演示）"),
    "procurement": ("CZCG", "澄州市政府采购电子交易系统（演示）"),
    "land": ("CZTD", "澄州市土地矿权交易系统（演示）"),
    "property": ("CZCQ", "澄州市产权交易系统（演示）"),
}
OFFICES = {
    "works": ("交通建设中心", "水务建设管理中心", "教育局", "住房和城乡建设局", "城市更新建设公司", "体育局"),
    "procurement": ("第三人民医院", "数据局", "教育局", "图书馆", "疾病预防控制中心", "机关事务管理局", "气象局"),
    "land": ("自然资源和规划局",),
    "property": ("产业投资集团", "文旅资产公司", "城市建设投资公司", "机关事务管理局"),
    "carbon": ("生态环境局",),
    "others": ("农业农村局", "林业局"),
}
AGENCIES = ("明诚工程咨询", "正衡招标代理", "广厦造价咨询", "信达采购咨询", "嘉禾产权经纪")
FIRST = (
    "远恒", "清源", "启岳", "宏川", "云帆", "安澜", "博雅",
    "景行", "同泽", "朗润", "万象", "致远", "鼎新", "海晏", "星河",
)  # fmt: skip
TRADES = {
    "works": ("建设集团有限公司", "市政工程有限公司", "建筑工程有限公司", "水利水电工程有限公司"),
    "procurement": ("医疗科技有限公司", "信息技术有限公司", "办公设备有限公司", "物业服务有限公司"),
    "land": ("置业有限公司", "产业园开发有限公司", "城市发展有限公司"),
    "property": ("投资管理有限公司", "商业运营有限公司", "实业有限公司"),
    "carbon": ("热电有限公司", "水泥制造有限公司", "钢铁有限公司"),
    "others": ("环保科技有限公司", "农业开发有限公司", "水产养殖有限公司"),
}
SUBJECTS = {
    "works": (
        "滨海大道（三环路至港湾路）改造提升工程施工", "第二实验学校新建工程施工总承包", "新河流域综合治理二期工程监理",
        "污水处理厂三期工程设计施工总承包", "历史街区雨污分流改造工程", "公租房电梯更新工程", "市民中心屋面光伏工程",
        "东浦大道北延工程勘察设计", "体育公园景观提升工程", "老旧小区消防设施改造工程", "中心血站迁建工程施工",
        "跨港桥检测加固工程", "轨道交通二号线机电安装工程", "河道清淤工程", "综合管廊二标段施工",
    ),
    "procurement": (
        "数字化手术室设备采购项目", "政务云 2026—2028 年度运维服务采购项目", "义务教育阶段校服采购项目", "智能书架采购项目",
        "检测试剂采购项目", "保安服务采购项目", "办公桌椅采购项目", "城市体检评估服务采购项目", "古城墙数字化保护服务采购项目",
        "公务用车租赁服务采购项目", "教学一体机采购项目", "食堂食材配送服务采购项目", "环境监测车采购项目", "档案数字化服务采购项目",
    ),
    "land": ("住宅用地", "商业服务业用地", "工业用地", "科研用地", "物流仓储用地"),
    "property": (
        "检测技术有限公司 51% 股权", "临街商铺三年期公开招租", "公务车辆处置 12 台打包", "闲置厂房转让", "设备资产一批转让",
        "物业公司 100% 股权", "地下车位整体转让", "酒店经营权出租", "存量办公楼转让",
    ),
    "carbon": ("碳排放配额有偿竞价发放", "年度碳排放配额履约清缴竞价发放"),
    "others": ("排污权出让", "集体林地经营权流转", "水域滩涂经营权出让"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cast:
    """All organisations of the city, by what they do."""

    principals: dict[str, tuple[tuple[Named, str], ...]]
    agencies: tuple[Named, ...]
    companies: dict[str, tuple[Named, ...]]


def make_cast(rng: random.Random) -> Cast:
    codes = _codes(rng)
    principals = {
        line: tuple(
            (Named(f"澄州市{_place(district)}{office}", next(codes)), district)
            for office in offices
            for district in _some(rng)
        )
        for line, offices in OFFICES.items()
    }
    agencies = tuple(Named(f"澄州{name}有限公司", next(codes)) for name in AGENCIES)
    companies = {
        line: tuple(Named(f"澄州{first}{kind}", next(codes)) for first in FIRST for kind in kinds[:2])
        for line, kinds in TRADES.items()
    }
    return Cast(principals, agencies, companies)


def _place(district: str) -> str:
    return "" if district == "990199" else DISTRICTS[district]


def _some(rng: random.Random) -> list[str]:
    return rng.sample(sorted(DISTRICTS), 3)


def _codes(rng: random.Random) -> Iterator[str]:
    """Unified social credit codes in the invented region 990100, with both check digits right."""
    seen: set[str] = set()
    while True:
        body = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
        if body in seen:
            continue
        seen.add(body)
        first = f"91990100{body}{compute_organisation_check(body)}"
        yield first + compute_uscc_check(first)
