"""What a browser says about itself, in words a person recognises. Pure; never used to decide anything."""

BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "火狐"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("httpx", "程序"), ("python", "程序"), ("curl", "程序"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "苹果电脑"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    browser = next((name for sign, name in BROWSERS if sign.lower() in user_agent.lower()), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if not browser:
        return system or "没有说明的设备"
    return f"{browser}（{system}）" if system else browser
