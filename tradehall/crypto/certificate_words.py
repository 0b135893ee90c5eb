"""Every way a certificate is refused: its code, and the sentence that says what happened and what to do next."""

from tradehall.kernel.refusal import Violation

WORDS = {
    "chain_unreadable": "证书链无法读取；证书未被接受，请提交 PEM 格式的证书链，本人证书在前，上级证书在后。",
    "chain_too_large": "证书链过长；证书未被接受，请只提交本人证书和它的各级上级证书（不超过 8 张、64 KB）。",
    "unknown_root": "证书链不通向本平台信任的根证书；证书未被接受，请核对是否附上了全部上级证书，受信任的根证书见 /trust/roots.pem。",
    "altered": "证书“{0}”或其上级的签名验证不通过，内容可能被改动；证书未被接受，请从签发机构重新取得证书链。",
    "sm2_empty_id": "SM2 签名所用的用户标识为空；证书未被接受，请用标识 1234567812345678 重新签名（OpenSSL 须写明 distid）。",
    "expired": "证书“{0}”或其上级已于 {1} 到期；证书未被接受，请更换证书后再试。",
    "not_yet_valid": "证书“{0}”或其上级自 {1} 起才有效；证书未被接受，请届时再试，或核对证书。",
    "revoked": "证书“{0}”已于 {1} 被吊销；证书未被接受，请向签发机构申请新证书。",
    "crl_stale": "签发机构“{0}”的吊销列表已经过期，无法确认证书是否有效；证书未被接受，请联系交易中心更新吊销列表，或改用其他方式登录。",
    "crl_missing": "证书写明有吊销列表，但平台没有签发机构“{0}”的列表，无法确认证书是否有效；证书未被接受，请联系交易中心补充。",
    "crl_unusable": "签发机构“{0}”的吊销列表不能用来确认这张证书；证书未被接受，请联系交易中心更新吊销列表，或改用其他方式登录。",
    "wrong_purpose": "这张证书不是用于签名或身份认证的（可能是加密证书或机构证书）；证书未被接受，请选用签名证书。",
    "weak_key": "证书“{0}”的密钥不够安全（RSA 少于 2048 位，或曲线不在许可之列）；证书未被接受，请更换证书。",
    "weak_hash": "证书“{0}”用不安全的算法签名（如 SHA-1）；证书未被接受，请更换证书。",
    "path_invalid": "证书链不合规范（级数、用途或名称限制不符）；证书未被接受，请联系签发机构。",
}


def refusal(code: str, *names: str) -> Violation:
    return Violation(code, WORDS[code].format(*names), field="chain_pem")
