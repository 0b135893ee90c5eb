"""Every way a sealed bid is refused: its code, and the sentence that says what happened and what to do next.

A code names what is wrong with the bytes. Whose fault it is, and what the law makes of it, is decided by who compares
the container with its receipt.
"""

from tradehall.kernel.refusal import Refusal, Violation

WORDS = {
    # Before the container is made
    "guardians_refused": "保管人公钥或法定人数不合规定（{0}）；没有封装，请重新取得本标段公布的保管人公钥。",
    "bid_refused": "投标内容不合规定（{0}）；没有封装，请改正后重试。",
    "file_refused": "文件“{0}”不能放入投标文件（{1}）；没有封装，请改正后重试。",
    "file_changed": "文件“{0}”在封装过程中发生了变化；封装中止，请关闭正在编辑它的程序后重新封装。",
    "too_large": "投标文件总大小超过 {0} MiB；没有封装，请压缩或拆分文件。",
    # The header
    "not_a_container": "这不是本平台的投标文件；未被接受，请选择由本平台客户端生成的文件。",
    "header_too_large": "投标文件头超过规定长度；未被接受，请重新封装。",
    "header_unreadable": "投标文件头无法读取；未被接受，请重新封装后再递交。",
    "size_refused": "投标文件声明的大小不合规定（{0}）；未被接受，请重新封装后再递交。",
    "place_mismatch": "投标文件不是为本标段、本次递交编号封装的；未被接受，请在本标段页面重新封装。",
    "header_altered": "投标文件头与密钥不符，封装后被改动过；不能开启，请与递交回执的摘要核对。",
    "twins": "两份投标文件使用同一编号、同一密钥或同一内容；后一份未被接受，请重新封装。",
    # Keys and shares
    "wrap_unreadable": "第 {0} 位保管人的加密份额无法解开；不能释放份额，请核对私钥，并与递交回执的摘要核对。",
    "share_mismatch": "第 {0} 位保管人的份额与投标文件中的承诺不符；该份额不予采用，请该保管人重新释放。",
    "too_few_shares": "有效份额只有 {0} 份，少于法定的 {1} 份；不能解锁，请等待其他保管人释放，或由投标人在限期内提交密钥。",
    "key_mismatch": "提交的密钥与投标文件中的承诺不符；未被采用，请投标人核对密钥文件后在限期内重新提交。",
    "dealing_wrong": "投标文件的{0}与其密钥不符；无论由哪些保管人开启，该投标文件均不能采用，请与递交回执的摘要核对。",
    # The body
    "truncated": "投标文件不完整，在第 {0} 段处中断；不能开启，请与递交回执的大小和摘要核对。",
    "trailing_bytes": "投标文件末尾有多余的内容；不能开启，请与递交回执的大小和摘要核对。",
    "chunk_altered": "投标文件第 {0} 段被改动，或不属于这份投标文件；不能开启，请与递交回执的摘要核对。",
    "chunk_moved": "投标文件第 {0} 段处放的是第 {1} 段；不能开启，请与递交回执的摘要核对。",
    "chunk_repeated": "投标文件第 {0} 段处重复了第 {1} 段；不能开启，请与递交回执的摘要核对。",
    "end_missing": "投标文件第 {0} 段之后的内容缺失；不能开启，请与递交回执的大小和摘要核对。",
    "end_too_early": "投标文件第 {0} 段已标明结束，其后却还有内容；不能开启，请与递交回执的大小和摘要核对。",
    # What lies inside
    "front_unreadable": "投标文件的目录无法读取；该投标文件不能采用。",
    "front_altered": "投标文件的目录与文件头中的承诺不符；该投标文件不能采用。",
    "statement_mismatch": "投标文件内的声明与文件头不一致（{0}）；该投标文件不能采用。",
    "bidder_mismatch": "投标文件内写明的投标人不是递交它的投标人；该投标文件不能采用。",
    "certificate_unreadable": "投标文件内的证书无法读取；该投标文件不能采用。",
    "signature_wrong": "投标文件内的签名与证书不符；该投标文件不能采用。",
    "file_altered": "投标文件内“{0}”与目录中的摘要不符；该投标文件不能采用。",
    "padding_wrong": "投标文件的填充不合规定；该投标文件不能采用。",
}  # fmt: skip


def violation(code: str, *details: object) -> Violation:
    return Violation(code, WORDS[code].format(*details), field="container")


def refused(code: str, *details: object) -> Refusal:
    return Refusal([violation(code, *details)])
