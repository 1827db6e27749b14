import type { HubWords } from './wording.ts';

export const vi: HubWords = {
  title: 'Trống đồng (Bronze Drum): liên minh trên máy này',
  lead: 'Sáu nước hợp tác Mê Công - Lan Thương phòng, chống lừa đảo qua viễn thông và trên mạng. Ở đây máy chủ của cả sáu nước chạy trên một máy, với con người, tài khoản và tiền đều là giả định.',
  explained: [
    {
      heading: 'Sáu nước chia sẻ gì',
      text: 'Tài khoản và số điện thoại dùng để lừa đảo, và ai xác nhận điều đó. Tiền vừa qua biên giới là bên kia được báo trong vòng một giây. Đề nghị được trả lời ngay trong ngày, mỗi bên dùng ngôn ngữ của mình. Tất cả đều được ký, và bên nào cũng chứng minh được rằng mọi bên nhận cùng một nội dung.',
    },
    {
      heading: 'Những gì ở lại trong nước',
      text: 'Mỗi nước có máy chủ, cơ sở dữ liệu, khóa và chính sách riêng. Ai là chủ tài khoản, ai là bị hại, ai đã trả những khoản nào đều ở lại trong nước. Mỗi nước quyết định theo pháp luật của mình, có thể tự tạm dừng trao đổi với một nước khác, và vẫn làm việc khi đường truyền bị đứt.',
    },
    {
      heading: 'Cán bộ làm gì',
      text: 'Bị hại gọi đến. Cán bộ ghi lại khoản thanh toán, xem tiền đã đi đâu, yêu cầu ngân hàng phong tỏa phần còn lại và đề nghị các nước khác truy vết tiếp, chỉ trong vài phút. Phong tỏa chỉ áp dụng với một khoản tiền, tự hết hạn và có thể bị khiếu nại.',
    },
  ],
  picture: {
    label: 'Sáu vị trí quanh một chiếc trống đồng: phần chia sẻ đi tới trống, phần còn lại ở lại từng vị trí',
    shared: 'được chia sẻ và được ký',
    home: 'ở lại trong nước',
  },
  languages: 'Ngôn ngữ',
  countries: {
    cn: 'Trung Quốc',
    kh: 'Campuchia',
    la: 'Lào',
    mm: 'Myanmar',
    th: 'Thái Lan',
    vn: 'Việt Nam',
  },
  standing: {
    ready: (ready, of) => `${ready} trên ${of} máy chủ sẵn sàng.`,
    cutOff: (countries) => `Bị ngắt kết nối: ${countries}.`,
    silent: 'Liên minh không còn trả lời. Hãy khởi động lại bằng npm start.',
    up: 'Sẵn sàng',
    down: 'Không trả lời',
    hears: (live, of) => `Đang kết nối với ${live} trên ${of} nước`,
    isCutOff: 'Bị ngắt kết nối với các nước khác',
    hearsUnknown: 'Chưa rõ tình trạng kết nối với các nước khác',
    alerts: (open, urgent) => `${open} cảnh báo đang mở, ${urgent} khẩn`,
    nothingWaits: 'Không có cảnh báo nào đang mở',
    waitsUnknown: 'Chưa rõ có cảnh báo đang chờ hay không',
  },
  desks: {
    heading: 'Bàn làm việc của sáu nước',
    lead: 'Một lần bấm là đăng nhập với tư cách một cán bộ giả định. Bàn làm việc mở trong thẻ riêng, nên có thể xem nhiều nước cùng lúc.',
    enter: 'Vào với tư cách cán bộ trực ban',
    others: 'hoặc với tư cách',
    roles: {
      'duty-officer': 'Cán bộ trực ban',
      supervisor: 'Chỉ huy ca trực',
      liaison: 'Cán bộ liên lạc',
      analyst: 'Cán bộ phân tích',
      administrator: 'Quản trị viên',
      auditor: 'Cán bộ kiểm tra',
    },
    bank: 'Ngân hàng',
    exchange: 'Sàn tiền mã hóa',
  },
  story: {
    heading: 'Câu chuyện',
    pace: 'Thời gian tính bằng phút, trước và sau lúc bà trả tiền. Khi phát, một phút chỉ còn một giây.',
    states: { ready: 'chưa bắt đầu', playing: 'đang phát', paused: 'tạm dừng', over: 'đã kết thúc' },
    telling: (run) => `Lần kể thứ ${run}`,
    progress: (done, of) => `Bước ${done} trên ${of}`,
    step: 'Bước tiếp theo',
    play: 'Phát',
    pause: 'Tạm dừng',
    again: 'Từ đầu',
    now: 'Hiện tại',
    next: 'Sắp tới',
    end: 'Đó là bước cuối cùng. Có thể bắt đầu lại: mỗi lần kể dùng số và tài khoản khác.',
    look: 'Xem tại',
    all: 'Toàn bộ câu chuyện',
    untold: 'Các máy chủ đang khởi động. Khi sẵn sàng, câu chuyện có thể được phát.',
    missing: (countries) => `Câu chuyện còn cần ${countries}, nhưng máy chủ của các nước đó không có ở đây.`,
    followed: (held, of) => `Đã thấy ${held} trên ${of} kết quả phải có`,
    stepStates: {
      ahead: 'chưa tới',
      playing: 'đang diễn ra',
      held: 'mọi kết quả phải có đều đã có',
      broken: 'chưa đủ các kết quả phải có',
    },
    views: {
      situation: 'tình hình hiện tại',
      alerts: 'các cảnh báo',
      identifier: 'ai nói gì về nó',
      trace: 'truy vết: tiền đã đi đâu',
      holds: 'các khoản phong tỏa và thời hạn',
      request: 'đề nghị và trả lời',
      orders: 'các lệnh cần trả lời',
      federation: 'kết nối với các nước',
    },
    shell: 'Cũng làm được từ dòng lệnh:',
    told: {
      title: 'Cuộc gọi mạo danh công an',
      steps: {
        'myanmar-is-cut-off': 'Đường truyền của Myanmar với các nước bị đứt, và sẽ như vậy trong hai giờ.',
        'laos-lists-the-number':
          'Một cán bộ phân tích ở Viêng Chăn đưa vào danh sách một số điện thoại chuyên gọi mạo danh công an và chia sẻ với liên minh.',
        'the-call':
          'Số này gọi cho một phụ nữ ở Thái Lan. Màn hình của bà hiện số của đồn công an; nhà mạng thấy cuộc gọi thật sự từ đâu đến.',
        'the-question':
          'Bà muốn trả 480.000 baht. Ngân hàng hỏi về tài khoản nhận và về số vừa nói chuyện với bà một phút trước. Trả lời: xác minh thêm.',
        'she-pays':
          'Bà được dặn phải nói là tiền mua nhà. Bà qua được bước xác minh và trả tiền. Ngân hàng báo cáo khoản thanh toán là đáng ngờ.',
        'on-inside-thailand': '200.000 đi tiếp trong nội địa Thái Lan.',
        'to-cambodia':
          '150.000 vào một tài khoản ở Campuchia. Trung tâm của Campuchia được báo ngay, không phải chờ ai xử lý.',
        'to-viet-nam': '90.000 vào một tài khoản ở Việt Nam.',
        'to-an-exchange': '40.000 vào một tài khoản ở sàn tiền mã hóa.',
        'to-a-wallet': 'Ở đó tiền đổi thành USDT và đi tới một ví.',
        'to-cash': 'Tại Phnôm Pênh, một người đàn ông rút 40.000 ở máy rút tiền. Ngân hàng không tự báo gì.',
        'the-noodle-shop': 'Chủ tài khoản thứ hai ở Thái Lan trả quán mì 6.000 tiền ăn tối. Ở quán không ai biết gì.',
        'her-own-money':
          'Chủ tài khoản đó còn nhận 5.000 tiền lương. Đó không phải tiền phạm pháp, và không lệnh phong tỏa nào chạm tới.',
        'an-officer-takes-it': 'Một cán bộ trực ban ở Băng Cốc nhận xử lý cảnh báo về tài khoản đầu tiên.',
        'she-calls-the-hotline':
          'Sáu phút sau khi trả tiền, bà gọi 1441. Cán bộ đưa tài khoản bà đã trả vào danh sách, báo cho mọi thành viên.',
        'the-report':
          'Cán bộ đó ghi lại bà đã trả gì và lúc nào. Ngân hàng của bà đã xác nhận. Việc truy vết bắt đầu: phần còn lại ở Thái Lan được lệnh phong tỏa ngay theo quy tắc thường trực, và Phnôm Pênh cùng Hà Nội được đề nghị truy vết tiếp.',
        'the-next-question':
          'Một khách của ngân hàng khác sắp trả tiền vào chính tài khoản ấy. Trả lời: tạm giữ giao dịch.',
        'held-at-once': 'Ngân hàng của tài khoản thứ hai đã giữ riêng 194.000, hai mươi giây sau khi được báo.',
        khmer: 'Cán bộ liên lạc đang trực ở Phnôm Pênh xác nhận tiếp nhận, bằng tiếng Khmer.',
        'partly-in-cambodia': 'Ngân hàng ở Phnôm Pênh phong tỏa 110.000. 40.000 đã bị rút tiền mặt trước đó.',
        'onward-from-cambodia':
          'Ngân hàng còn được hỏi tiền đã đi đâu, và nêu chiếc máy rút tiền. Ở đó không ai báo thanh toán liên tục.',
        'all-at-once':
          'Tám phút sau khi bà trả tiền, cán bộ ra lệnh một lần cho mọi khoản phong tỏa được đề xuất ở Thái Lan, trong đó có 6.000 của quán mì.',
        'two-hundred-thousand': 'Ngân hàng của quán mì phong tỏa 6.000: tổng cộng 200.000 được phong tỏa ở Thái Lan.',
        'gone-at-the-exchange': 'Sàn trả lời: tiền không còn. Tiền mã hóa đã rời ví.',
        signed:
          'Pháp luật ở Hà Nội đòi hỏi chữ ký của cán bộ. Cán bộ liên lạc ở Băng Cốc ký đề nghị, và đề nghị được gửi lại.',
        'held-in-viet-nam':
          'Ngân hàng ở Hà Nội phong tỏa toàn bộ 90.000. Trong 480.000 baht, 400.000 được phong tỏa ở ba nước; 80.000 đã thành tiền mặt và tiền mã hóa.',
        'myanmar-is-back':
          'Đường truyền của Nây Pi Tô được nối lại. Máy chủ tự bắt kịp và biết những gì đã được đưa vào danh sách trong thời gian đó.',
        closing:
          'Những gì tiếp theo mất hàng giờ và hàng tuần: tin báo tội phạm, khiếu nại của quán mì, tòa án, và ngày thứ 40 có 394.000 baht được hoàn trả cho bà. Các phép thử chạy đến hết, theo thời gian riêng.',
      },
    },
  },
  signIn: {
    heading: 'Tự đăng nhập',
    text: 'Cán bộ và tổ chức giả định của từng thành viên, cùng mật khẩu và khóa, nằm trong tệp này; chỉ bạn đọc được:',
  },
  try: {
    heading: 'Thử',
    text: 'Đưa một mục vào danh sách ở một nước, rồi hỏi ở nước khác ngay sau đó:',
    cut: 'Ngắt kết nối một thành viên, rồi nối lại:',
    stop: 'Ctrl-C trong cửa sổ của liên minh dừng tất cả; những gì đã xác nhận vẫn còn ở lần khởi động sau.',
  },
  trouble: {
    heading: 'Bàn làm việc chưa mở được',
    notReady: 'Máy chủ của thành viên này chưa sẵn sàng hoặc không trả lời. Hãy chờ một chút rồi thử lại.',
    refused:
      'Máy chủ từ chối lượt đăng nhập thử. Trong những giây đầu sau khi khởi động, cán bộ giả định còn đang được tạo: hãy thử lại. Nếu vẫn vậy thì mật khẩu đã được đổi tại bàn làm việc đó.',
    back: 'Về trang tổng quan',
  },
};
