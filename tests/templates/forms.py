"""A form with every kind of question that the field component has to render."""

from django import forms


class EveryQuestion(forms.Form):
    preferred_name = forms.CharField(label="呼ばれたい名前", help_text="ほかの参加者に見える名前です。")
    email = forms.EmailField(label="メールアドレス", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    born = forms.DateField(label="生年月日", required=False, widget=forms.DateInput(attrs={"inputmode": "numeric"}))
    side = forms.ChoiceField(
        label="世代", widget=forms.RadioSelect, choices=[("student", "学生"), ("alumni", "セカンドキャリア")]
    )
    evenings = forms.MultipleChoiceField(
        label="火曜日の夜",
        help_text="参加できる時間をすべて選んでください。",
        widget=forms.CheckboxSelectMultiple,
        choices=[("19:00", "19:00"), ("19:30", "19:30"), ("20:00", "20:00"), ("20:30", "20:30")],
    )
    zone = forms.ChoiceField(label="時間帯", choices=[("Asia/Tokyo", "日本時間"), ("Europe/London", "ロンドン時間")])
    words = forms.CharField(label="伝えたいこと", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="同意の文を読み、同意します")
    token = forms.CharField(widget=forms.HiddenInput, required=False)
