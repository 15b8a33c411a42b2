"""How to tell as one's own experience what was about to be said as advice: a sentence begun, to be gone on with."""

from collections.abc import Mapping
from typing import Final

FRAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "own_step": {"ja": "そのとき私がしたことは、…でした。", "en": "What I did at the time was…"},
    "own_choice": {"ja": "私の場合は、…のほうを選びました。", "en": "In my case, I chose…"},
    "own_value": {"ja": "私が大事にしてきたのは、…です。", "en": "What I have held on to is…"},
    "own_turn": {"ja": "私にも…という時がありました。そのとき私は…", "en": "There was a time when I… and then I…"},
    "own_wish": {
        "ja": "お話を聞いて、私は…という場面を思い出しました。",
        "en": "Listening to you, I remembered a time when I…",
    },
    "own_permission": {"ja": "私が自分に…を許せたのは、…のときでした。", "en": "I allowed myself to… when…"},
    "own_question": {
        "ja": "そのときのこと、もう少し聞かせてもらえますか。",
        "en": "Would you tell me a little more about that time?",
    },
    "own_story": {"ja": "私の場合は、…でした。そのあと私は…", "en": "For me it was… After that I…"},
    "own_scene": {"ja": "そのとき私は、…でした。", "en": "At that time I was…"},
}
